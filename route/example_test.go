package route_test

import (
	"fmt"

	"bennu/route"
)

// PostEdit is a helper as `bennu generate` writes it for "/posts/{id}/edit".
func PostEdit(id any, query ...route.Query) string {
	return app.Path("/posts/"+route.Segment(id)+"/edit", query)
}

var app route.Mounted

func ExampleSegment() {
	fmt.Println(PostEdit(7))
	fmt.Println(PostEdit("a/b", route.Query{"tab": "text", "all": true}))
	// Output:
	// /posts/7/edit
	// /posts/a%2Fb/edit?all=true&tab=text
}
