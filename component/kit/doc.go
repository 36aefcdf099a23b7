// Package kit has the components that give pages their looks: buttons, dialogs,
// menus, tables, messages. An app of `bennu new` has a copy in web/kit, which it
// owns from then on: change what you like there, and import that one, since Tailwind
// reads the templates of the app only. The classes are those
// of Tailwind and daisyUI (https://daisyui.com/components); roles, labels and the
// focus are as the patterns of WAI-ARIA say
// (https://www.w3.org/WAI/ARIA/apg/patterns).
//
// Parts that the page fills are called slots: what stands between the braces of
// a component is one, fields that are components or functions returning one are
// the others.
package kit
