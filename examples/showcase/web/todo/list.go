package todo

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Item is one thing to do.
type Item struct {
	ID   int
	Text string
	Done bool
}

// List is what is to be done, the oldest first.
type List struct {
	Items []Item
	last  int // the id of the newest
}

const (
	mostItems   = 100 // bounds what a client can make its view hold
	longestText = 80
)

// add takes one thing more. It returns what is wrong with the text instead, for
// the one who wrote it to read.
func (l *List) add(text string) (mistake string) {
	text = strings.TrimSpace(text)
	if mistake := l.judge(text, 0); mistake != "" {
		return mistake
	}
	if len(l.Items) == mostItems {
		return "A hundred things are enough. Do one of them first."
	}
	l.last++
	l.Items = append(l.Items, Item{ID: l.last, Text: text})
	return ""
}

// rename gives an item another text, or says what is wrong with it.
func (l *List) rename(id int, text string) (mistake string) {
	text = strings.TrimSpace(text)
	if mistake := l.judge(text, id); mistake != "" {
		return mistake
	}
	if i := l.index(id); i >= 0 {
		l.Items[i].Text = text
	}
	return ""
}

// judge says what is wrong with a text for the item of this id.
func (l *List) judge(text string, id int) string {
	switch {
	case text == "":
		return "Write what is to be done."
	case utf8.RuneCountInString(text) > longestText:
		return "Say it in 80 characters."
	case slices.ContainsFunc(l.Items, func(i Item) bool { return i.ID != id && strings.EqualFold(i.Text, text) }):
		return "That is on the list already."
	}
	return ""
}

func (l *List) toggle(id int) {
	if i := l.index(id); i >= 0 {
		l.Items[i].Done = !l.Items[i].Done
	}
}

func (l *List) remove(id int) {
	l.Items = slices.DeleteFunc(l.Items, func(i Item) bool { return i.ID == id })
}

func (l *List) clear() {
	l.Items = slices.DeleteFunc(l.Items, func(i Item) bool { return i.Done })
}

// index is where an item stands, -1 for one that is gone.
func (l *List) index(id int) int {
	return slices.IndexFunc(l.Items, func(i Item) bool { return i.ID == id })
}

// of are the items that a filter lets through: "open", "done", or else all.
func (l *List) of(filter string) []Item {
	if filter != "open" && filter != "done" {
		return l.Items
	}
	var some []Item
	for _, i := range l.Items {
		if i.Done == (filter == "done") {
			some = append(some, i)
		}
	}
	return some
}

// count is how many items a filter lets through.
func (l *List) count(filter string) int { return len(l.of(filter)) }
