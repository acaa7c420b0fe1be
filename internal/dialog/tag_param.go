package dialog

import (
	"maps"
	"slices"
)

// tagParams are the parameters of the tags that are not action tags
// (dialog-language 1.3, 3.1 to 3.3).
var tagParams = map[string][]string{
	"require":    {"module", "from", "type", "name", "var", "strict", "injector", "rootTheme", "provide"},
	"theme":      {"modal"},
	"state":      {"noContext", "modal", "sessionResult", "sessionResultColor"},
	"a":          {"html", "htmlEnabled", "tts", "ttsEnabled", "lang", "markdown", "auto_listening"},
	"image":      {"hash", "text"},
	"audio":      {"name", "source"},
	"video":      {"name"},
	"timeout":    {"interval", "targetState"},
	"newSession": {"message", "data", "deferred"},
}

// triggerParams are those of every trigger (dialog-language 3.2).
var triggerParams = []string{"fromState", "toState", "onlyThisState"}

// TagParams are the parameters of a tag, none for one that does not exist. The
// result is the caller's.
func TagParams(name string) []string {
	if isTrigger(name) {
		return slices.Clone(triggerParams)
	}
	if params, ok := tagParams[name]; ok {
		return slices.Clone(params)
	}
	if g, ok := actionTags[name]; ok && !g.noEffect {
		return g.params()
	}
	return nil
}

// IsStateParam tells whether a parameter of a tag is the path of a state.
func IsStateParam(tag, param string) bool {
	switch param {
	case "fromState", "toState", "targetState":
		return true
	}
	_, plain := tags[tag]
	return !plain && leads(tag, param)
}

// TagNames are all tags of the language, in alphabetical order.
func TagNames() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range maps.Keys(tags) {
			if !yield(name) {
				return
			}
		}
		for name := range maps.Keys(actionTags) {
			if !yield(name) {
				return
			}
		}
	})
}
