package dialog

// State is a state or a theme, a node of the tree whose root is "/".
type State struct {
	Pos
	// Path is absolute: "/", "/Theme", "/Theme/State/1".
	Path string
	// Name is the last part of Path; an unnamed state is called by its index
	// among its siblings, from 1.
	Name string
	// Theme is true for the root and for nodes opened only by `theme`.
	Theme     bool
	NoContext bool
	Modal     bool
	// SessionResult is the dialog result set on entering; nil when not given.
	SessionResult      *Text
	SessionResultColor string
	Triggers           []*Trigger
	Reactions          []Reaction
	Parent             *State
	Children           []*State
	// Action is the tag that this state was made for, nil for a state of the source.
	Action *Action
	// Blocks are the JSON blocks of the visual editor, kept as written.
	Blocks []*EditorBlock
}

// EditorBlock is an `@Name` line of the visual editor and the JSON behind it.
type EditorBlock struct {
	Pos
	Name string
	JSON Source
}
