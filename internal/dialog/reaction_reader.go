package dialog

import "strings"

// reactionReader reads the steps of one state.
type reactionReader struct {
	*report
	targets *targets
	blocks  *actionReader
	holder  *State
}

// read reads the steps of the state itself, of a branch or of a random block.
func (r *reactionReader) read(blocks []*block) []Reaction {
	var steps []Reaction
	for _, b := range blocks {
		if b.name == "elseif" || b.name == "else" {
			r.branch(b, steps)
			continue
		}
		if len(steps) > 0 {
			r.unreachable(steps[len(steps)-1], b)
		}
		if step := r.step(b); step != nil {
			steps = append(steps, step)
		}
	}
	return steps
}

// unreachable warns of the step behind an immediate jump.
func (r *reactionReader) unreachable(before Reaction, b *block) {
	if jump, ok := before.(*Go); ok && jump.Immediate {
		r.warnf(b.pos, "unreachable", "%q stands behind go! and is never reached", b.name)
	}
}

// step reads one reaction; nil for a block that is none.
func (r *reactionReader) step(b *block) Reaction {
	switch b.name {
	case "a":
		return r.answer(b)
	case "image", "audio", "video":
		return r.media(b)
	case "buttons", "inlineButtons":
		return buttonReader{r.report, r.targets, r.holder}.read(b)
	case "go", "go!":
		return r.jump(b)
	case "if":
		return &If{Pos: b.pos, Branches: []Branch{r.arm(b)}}
	case "random":
		return r.random(b)
	case "script", "scriptEs6":
		return r.script(b)
	case "timeout":
		return r.timeout(b)
	case "newSession":
		return r.newSession(b)
	}
	if _, plain := tags[b.name]; plain || b.editor != "" {
		return nil
	}
	return r.blocks.read(b)
}

// branch adds `elseif` or `else` to the chain right before it.
func (r *reactionReader) branch(b *block, steps []Reaction) {
	var chain *If
	if len(steps) > 0 {
		chain, _ = steps[len(steps)-1].(*If)
	}
	switch {
	case chain == nil:
		r.errorf(b.pos, "misplaced-else", "%q does not stand right behind an if", b.name)
	case chain.Branches[len(chain.Branches)-1].Condition == nil:
		r.errorf(b.pos, "misplaced-else", "%q stands behind the else of the same if", b.name)
	default:
		chain.Branches = append(chain.Branches, r.arm(b))
	}
}

func (r *reactionReader) arm(b *block) Branch {
	arm := Branch{Pos: b.pos}
	if b.name == "else" {
		b.noValue(r.report)
	} else {
		b.needValue("a condition", r.report)
		condition := b.value.slice(0, len(strings.TrimRight(b.value.Text, ";"+space)))
		arm.Condition = &condition
	}
	arm.Reactions = r.read(b.children)
	return arm
}

func (r *reactionReader) random(b *block) Reaction {
	b.noValue(r.report)
	random := &Random{Pos: b.pos, Reactions: r.read(b.children)}
	if len(random.Reactions) == 0 {
		r.warnf(b.pos, "empty-random", "random holds nothing to choose from")
	}
	return random
}

func (r *reactionReader) script(b *block) Reaction {
	code := b.code()
	if code.Empty() {
		r.warnf(b.pos, "empty-script", "%s holds no code", b.name)
	}
	return &Script{Pos: b.pos, ES6: b.name == "scriptEs6", Code: code}
}

func (r *reactionReader) answer(b *block) Reaction {
	value, params := splitParams(b.value, r.report)
	given := known("a", params, r.report, tagParams["a"]...)
	return &Answer{
		Pos: b.pos, Text: answerText(value, r.report),
		HTML: given.text("html"), HTMLEnabled: given.flag("htmlEnabled"),
		TTS: given.text("tts"), TTSEnabled: given.flag("ttsEnabled"),
		Lang: given.text("lang"), Markdown: given.text("markdown"),
		AutoListening: given.flag("auto_listening"),
	}
}

func (r *reactionReader) media(b *block) Reaction {
	b.needValue("a URL or name", r.report)
	value, params := splitParams(b.value, r.report)
	url := interpolate(value, r.report)
	switch b.name {
	case "image":
		given := known("image", params, r.report, tagParams["image"]...)
		return &Image{Pos: b.pos, URL: url, Text: given.text("text"), Hash: given.text("hash")}
	case "audio":
		given := known("audio", params, r.report, tagParams["audio"]...)
		return &Audio{Pos: b.pos, URL: url, Name: given.text("name"), Source: given.text("source")}
	}
	given := known("video", params, r.report, tagParams["video"]...)
	return &Video{Pos: b.pos, URL: url, Name: given.text("name")}
}

func (r *reactionReader) jump(b *block) Reaction {
	b.needValue("the path of a state", r.report)
	value, params := declared(b.value, r.report)
	known(b.name, params, r.report)
	return &Go{Pos: b.pos, Immediate: b.name == "go!", Target: r.targets.read(r.holder, value)}
}

func (r *reactionReader) newSession(b *block) Reaction {
	value, params := splitParams(b.value, r.report)
	if !value.Empty() {
		b.noValue(r.report)
	}
	given := known("newSession", append(params, lineParams(b, r.report)...), r.report, tagParams["newSession"]...)
	n := &NewSession{Pos: b.pos, Message: given.text("message"), Deferred: given.flag("deferred")}
	if data, ok := given.value("data"); ok && !data.Empty() {
		n.Data, _ = parseLiteral(data, r.report)
	}
	return n
}

func (r *reactionReader) timeout(b *block) Reaction {
	value, params := splitParams(b.value, r.report)
	given := known("timeout", append(params, lineParams(b, r.report)...), r.report, tagParams["timeout"]...)
	if named, ok := given.value("targetState"); ok && value.Empty() {
		value = named
	}
	if value.Empty() {
		r.errorf(b.pos, "missing-value", `"timeout" needs the path of a state`)
	}
	t := &Timeout{Pos: b.pos, Target: r.targets.read(r.holder, value)}
	interval, ok := given.value("interval")
	if !ok {
		r.errorf(b.pos, "missing-parameter", `"timeout" needs the parameter interval`)
		return t
	}
	t.Interval = interpolate(interval, r.report)
	if written, static := t.Interval.Static(); static {
		duration, err := ParseInterval(written)
		if err != nil {
			r.errorf(interval.Pos(), "bad-interval", "%s", err)
		}
		t.Duration = duration
	}
	return t
}
