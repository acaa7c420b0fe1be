package dialog

import "time"

// Reaction is one step of a state: *Answer, *Image, *Audio, *Video, *Buttons,
// *Go, *If, *Random, *Script, *Timeout, *NewSession, *Action or *ActionInput.
type Reaction interface {
	At() Pos
	reaction()
}

// Target is the place a jump leads to. Path is the absolute path when it is
// known at load; otherwise Text is evaluated and given to Resolve together with
// the path of the state that holds the tag.
type Target struct {
	Pos
	Text Text
	Path string
}

// Answer is the tag `a`. The pointers are nil when the parameter is not given.
type Answer struct {
	Pos
	Text          Text
	HTML          *Text
	HTMLEnabled   bool
	TTS           *Text
	TTSEnabled    bool
	Lang          *Text
	Markdown      *Text
	AutoListening bool
}

// Image is the tag `image`.
type Image struct {
	Pos
	URL  Text
	Text *Text
	Hash *Text
}

// Audio is the tag `audio`; URL may also be a name of a library.
type Audio struct {
	Pos
	URL    Text
	Name   *Text
	Source *Text
}

// Video is the tag `video`.
type Video struct {
	Pos
	URL  Text
	Name *Text
}

// Buttons is one `buttons` or, with Inline, `inlineButtons` block.
type Buttons struct {
	Pos
	Inline bool
	Items  []Button
}

// Button is one line of a block of buttons. Text is its label. Fields holds the
// members of a button written as an object (bool, float64, nil, Text, []any,
// map[string]any), "text" included; it is nil for a button written as a string.
type Button struct {
	Pos
	Text   Text
	Target *Target
	Fields map[string]any
}

// Go is `go` or, with Immediate, `go!`.
type Go struct {
	Pos
	Immediate bool
	Target    Target
}

// If is a chain of `if`, `elseif` and `else`.
type If struct {
	Pos
	Branches []Branch
}

// Branch is one arm of a chain; Condition is nil for `else`. A condition may end
// in a line comment: put a line break behind it when it is wrapped.
type Branch struct {
	Pos
	Condition *Source
	Reactions []Reaction
}

// Random runs exactly one of its reactions.
type Random struct {
	Pos
	Reactions []Reaction
}

// Script is `script` or, with ES6, `scriptEs6`.
type Script struct {
	Pos
	ES6  bool
	Code Source
}

// Timeout is the tag `timeout`. Interval is the written interval; Duration is
// its value when it is known at load, else 0.
type Timeout struct {
	Pos
	Target   Target
	Interval Text
	Duration time.Duration
}

// NewSession is the deprecated tag `newSession`. Data has the types of
// Button.Fields and is nil when not given.
type NewSession struct {
	Pos
	Message  *Text
	Data     any
	Deferred bool
}

// Action is a block tag (dialog-language 3.6), built-in ("EndSession",
// "InputNumber") or the bot's own. Params are those not named below.
type Action struct {
	Pos
	Name   string
	Params []ActionParam
	// Targets are the parameters that name states.
	Targets map[string]Target
	// Failures and FailuresHTML are the texts said after a wrong input.
	Failures, FailuresHTML []Text
	Buttons                []Button
	// Vars are what HttpRequest keeps of the answer.
	Vars []ActionVar
	// Waits is the path of the state in which the tag waits for the user, "" when it
	// does not.
	Waits string
}

// ActionVar is a variable of $session and the expression it is set to.
type ActionVar struct {
	Name  string
	Value Source
}

// ActionInput takes what the user sent to an action tag that waits. Caller is the path of
// the state that holds the tag.
type ActionInput struct {
	Pos
	Action *Action
	Caller string
}

// ActionParam is one `key = value` of an action tag; values are strings.
type ActionParam struct {
	Pos
	Name  string
	Value Text
}

func (*Answer) reaction()      {}
func (*Image) reaction()       {}
func (*Audio) reaction()       {}
func (*Video) reaction()       {}
func (*Buttons) reaction()     {}
func (*Go) reaction()          {}
func (*If) reaction()          {}
func (*Random) reaction()      {}
func (*Script) reaction()      {}
func (*Timeout) reaction()     {}
func (*NewSession) reaction()  {}
func (*Action) reaction()      {}
func (*ActionInput) reaction() {}
