package dialog

import (
	"strings"
	"time"
)

// Reaction is one step of a state: *Answer, *Image, *Audio, *Video, *Buttons,
// *Go, *If, *Random, *Script, *Timeout, *NewSession or *Action.
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

// Action is a block tag, built-in ("EndSession", "InputNumber") or the bot's own.
type Action struct {
	Pos
	Name   string
	Params []ActionParam
}

// ActionParam is one `key = value` of an action tag; values are strings.
type ActionParam struct {
	Pos
	Name  string
	Value Text
}

func (*Answer) reaction()     {}
func (*Image) reaction()      {}
func (*Audio) reaction()      {}
func (*Video) reaction()      {}
func (*Buttons) reaction()    {}
func (*Go) reaction()         {}
func (*If) reaction()         {}
func (*Random) reaction()     {}
func (*Script) reaction()     {}
func (*Timeout) reaction()    {}
func (*NewSession) reaction() {}
func (*Action) reaction()     {}

// reactions reads the steps of a state, a branch or a random block.
func (u *unit) reactions(blocks []*block, holder *State) []Reaction {
	var steps []Reaction
	for _, b := range blocks {
		if b.name == "elseif" || b.name == "else" {
			u.branch(b, holder, steps)
			continue
		}
		if len(steps) > 0 {
			u.unreachable(steps[len(steps)-1], b)
		}
		if step := u.step(b, holder); step != nil {
			steps = append(steps, step)
		}
	}
	return steps
}

// unreachable warns of the step behind an immediate jump.
func (u *unit) unreachable(before Reaction, b *block) {
	if jump, ok := before.(*Go); ok && jump.Immediate {
		u.warnf(b.pos, "unreachable", "%q stands behind go! and is never reached", b.name)
	}
}

// step reads one reaction; nil for a block that is none.
func (u *unit) step(b *block, holder *State) Reaction {
	switch b.name {
	case "a":
		return u.answer(b)
	case "image", "audio", "video":
		return u.media(b)
	case "buttons", "inlineButtons":
		return u.buttons(b, holder)
	case "go", "go!":
		return u.jump(b, holder)
	case "if":
		return &If{Pos: b.pos, Branches: []Branch{u.arm(b, holder)}}
	case "random":
		return u.random(b, holder)
	case "script", "scriptEs6":
		return u.script(b)
	case "timeout":
		return u.timeout(b, holder)
	case "newSession":
		return u.newSession(b)
	}
	if _, plain := tags[b.name]; plain || b.editor != "" {
		return nil
	}
	return u.action(b)
}

// branch adds `elseif` or `else` to the chain right before it.
func (u *unit) branch(b *block, holder *State, steps []Reaction) {
	var chain *If
	if len(steps) > 0 {
		chain, _ = steps[len(steps)-1].(*If)
	}
	switch {
	case chain == nil:
		u.errorf(b.pos, "misplaced-else", "%q does not stand right behind an if", b.name)
	case chain.Branches[len(chain.Branches)-1].Condition == nil:
		u.errorf(b.pos, "misplaced-else", "%q stands behind the else of the same if", b.name)
	default:
		chain.Branches = append(chain.Branches, u.arm(b, holder))
	}
}

func (u *unit) arm(b *block, holder *State) Branch {
	arm := Branch{Pos: b.pos}
	if b.name == "else" {
		u.noValue(b)
	} else {
		u.needValue(b, "a condition")
		condition := b.value.slice(0, len(strings.TrimRight(b.value.Text, ";"+space)))
		arm.Condition = &condition
	}
	arm.Reactions = u.reactions(b.children, holder)
	return arm
}

func (u *unit) random(b *block, holder *State) Reaction {
	u.noValue(b)
	r := &Random{Pos: b.pos, Reactions: u.reactions(b.children, holder)}
	if len(r.Reactions) == 0 {
		u.warnf(b.pos, "empty-random", "random holds nothing to choose from")
	}
	return r
}

func (u *unit) script(b *block) Reaction {
	code := codeOf(b)
	if code.Empty() {
		u.warnf(b.pos, "empty-script", "%s holds no code", b.name)
	}
	return &Script{Pos: b.pos, ES6: b.name == "scriptEs6", Code: code}
}

func (u *unit) answer(b *block) Reaction {
	value, params := splitParams(b.value, &u.report)
	given := u.known("a", params, "html", "htmlEnabled", "tts", "ttsEnabled", "lang", "markdown", "auto_listening")
	return &Answer{
		Pos: b.pos, Text: answerText(value, &u.report),
		HTML: u.text(given, "html"), HTMLEnabled: u.flag(given, "htmlEnabled"),
		TTS: u.text(given, "tts"), TTSEnabled: u.flag(given, "ttsEnabled"),
		Lang: u.text(given, "lang"), Markdown: u.text(given, "markdown"),
		AutoListening: u.flag(given, "auto_listening"),
	}
}

func (u *unit) media(b *block) Reaction {
	u.needValue(b, "a URL or name")
	value, params := splitParams(b.value, &u.report)
	url := interpolate(value, &u.report)
	switch b.name {
	case "image":
		given := u.known("image", params, "hash", "text")
		return &Image{Pos: b.pos, URL: url, Text: u.text(given, "text"), Hash: u.text(given, "hash")}
	case "audio":
		given := u.known("audio", params, "name", "source")
		return &Audio{Pos: b.pos, URL: url, Name: u.text(given, "name"), Source: u.text(given, "source")}
	}
	given := u.known("video", params, "name")
	return &Video{Pos: b.pos, URL: url, Name: u.text(given, "name")}
}

func (u *unit) jump(b *block, holder *State) Reaction {
	u.needValue(b, "the path of a state")
	value, params := declared(b.value, &u.report)
	u.known(b.name, params)
	return &Go{Pos: b.pos, Immediate: b.name == "go!", Target: u.target(value, holder)}
}

// target reads a path that may hold {{ }}.
func (u *unit) target(value Source, holder *State) Target {
	t := Target{Pos: value.Pos(), Text: interpolate(value, &u.report)}
	if written, static := t.Text.Static(); static && written != "" {
		t.Path = Resolve(holder.Path, written)
		u.expect(t.Path, written, t.Pos)
	}
	return t
}

func (u *unit) newSession(b *block) Reaction {
	value, params := splitParams(b.value, &u.report)
	if !value.Empty() {
		u.noValue(b)
	}
	given := u.known("newSession", append(params, lineParams(b, &u.report)...), "message", "data", "deferred")
	n := &NewSession{Pos: b.pos, Message: u.text(given, "message"), Deferred: u.flag(given, "deferred")}
	if data, ok := given["data"]; ok && !data.value.Empty() {
		n.Data, _ = parseLiteral(data.value, &u.report)
	}
	return n
}

// action reads a block tag, whose parameters are strings.
func (u *unit) action(b *block) Reaction {
	a := &Action{Pos: b.pos, Name: b.name}
	for _, p := range lineParams(b, &u.report) {
		a.Params = append(a.Params, ActionParam{Pos: p.pos(), Name: p.name(), Value: interpolate(p.value, &u.report)})
	}
	u.actions = append(u.actions, a)
	return a
}

// Param gives the value of a parameter of the action; ok is false when it is not
// given.
func (a *Action) Param(name string) (value Text, ok bool) {
	for _, p := range a.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return Text{}, false
}
