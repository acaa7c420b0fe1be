package dialog

import "sort"

// body tells how the lines below a tag are read.
type body int

const (
	bodyNone     body = iota // nothing but a continued value
	bodyText                 // continuation lines of an answer
	bodyPattern              // continuation lines of a pattern
	bodyCode                 // JavaScript
	bodyItems                // one button a line
	bodyPatterns             // named patterns
	bodyParams               // `key = value` lines
	bodyTags                 // tags
)

// place is a set of blocks a tag may stand in.
type place int

const (
	inFile place = 1 << iota
	inTheme
	inState
	inBranch // if, elseif, else
	inRandom
)

const (
	inReactions = inState | inBranch | inRandom
	// inHolders is where triggers stand; in a theme they need a toState.
	inHolders = inTheme | inState
)

// tag is the grammar of one tag.
type tag struct {
	body   body
	parent place // where it may stand
	inside place // what it is for its children
}

// tags is the grammar of the language: which tag may stand where and what it
// holds. Action tags are not in it, see actionTags.
var tags = map[string]tag{
	"theme":    {bodyTags, inFile, inTheme},
	"require":  {bodyParams, inFile, 0},
	"init":     {bodyCode, inFile | inTheme | inState, 0},
	"patterns": {bodyPatterns, inFile | inTheme, 0},
	"state":    {bodyTags, inTheme | inState, inState},

	"q": {bodyPattern, inHolders, 0}, "q!": {bodyPattern, inHolders, 0},
	"e": {bodyPattern, inHolders, 0}, "e!": {bodyPattern, inHolders, 0},
	"eg": {bodyNone, inHolders, 0}, "eg!": {bodyNone, inHolders, 0},
	"intent": {bodyNone, inHolders, 0}, "intent!": {bodyNone, inHolders, 0},
	"intentGroup": {bodyNone, inHolders, 0}, "intentGroup!": {bodyNone, inHolders, 0},
	"event": {bodyNone, inHolders, 0}, "event!": {bodyNone, inHolders, 0},

	"a":             {bodyText, inReactions, 0},
	"image":         {bodyNone, inReactions, 0},
	"audio":         {bodyNone, inReactions, 0},
	"video":         {bodyNone, inReactions, 0},
	"buttons":       {bodyItems, inReactions, 0},
	"inlineButtons": {bodyItems, inReactions, 0},
	"go":            {bodyNone, inReactions, 0},
	"go!":           {bodyNone, inReactions, 0},
	"if":            {bodyTags, inReactions, inBranch},
	"elseif":        {bodyTags, inReactions, inBranch},
	"else":          {bodyTags, inReactions, inBranch},
	"random":        {bodyTags, inReactions, inRandom},
	"script":        {bodyCode, inReactions, 0},
	"scriptEs6":     {bodyCode, inReactions, 0},
	"timeout":       {bodyParams, inReactions, 0},
	"newSession":    {bodyParams, inReactions, 0},
}

// isTrigger tells whether a tag is a trigger.
func isTrigger(name string) bool { return tags[name].parent == inHolders && tags[name].inside == 0 }

// actionTag is the grammar of every block tag.
var actionTag = tag{bodyParams, inReactions, 0}

// tagOf finds the grammar of the tag a line starts with. A capitalised word is
// an action tag when nothing stands behind its colon; whether it exists is
// decided when all files are read, because a bot may define its own.
func tagOf(l line) (name string, t tag, rest int, ok bool) {
	name, rest, isTag := l.splitTag()
	if !isTag {
		return "", tag{}, 0, false
	}
	if t, ok = tags[name]; ok {
		return name, t, rest, true
	}
	if name[0] >= 'A' && name[0] <= 'Z' && l.from(rest).Empty() {
		return name, actionTag, rest, true
	}
	return name, tag{}, rest, false
}

// endsValue tells whether a line ends the continued value of a tag above it:
// only tags known for sure do, for prose may look like a tag.
func endsValue(l line) bool {
	name, _, _, ok := tagOf(l)
	if _, plain := tags[name]; plain {
		return ok
	}
	return ok && isActionTag(name)
}

// endsText is endsValue for an answer: a tag that may not stand in a state, such
// as "theme", is part of the text.
func endsText(l line) bool {
	_, t, _, ok := tagOf(l)
	return ok && t.parent&inReactions != 0 && endsValue(l)
}

// tagNames are the tags that may stand in each place, in alphabetical order.
var tagNames = map[place][]string{
	inFile: namesOf(inFile), inTheme: namesOf(inTheme), inState: namesOf(inState),
	inBranch: namesOf(inBranch), inRandom: namesOf(inRandom),
}

func namesOf(where place) []string {
	var names []string
	for name, t := range tags {
		if t.parent&where != 0 {
			names = append(names, name)
		}
	}
	if where&inReactions != 0 {
		for name := range actionTags {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// nearTag is the tag a misspelt name was meant to be, "" for none.
func nearTag(name string, where place) string {
	return nearest(name, tagNames[where])
}

// grammar is the grammar of a tag that exists.
func grammar(name string) tag {
	if t, ok := tags[name]; ok {
		return t
	}
	return actionTag
}
