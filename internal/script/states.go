package script

import (
	"slices"

	"parley/internal/dialog"
	"parley/internal/session"
)

// States returns the paths of the states that a conversation of an integration
// can be sent to, as its bot is now, sorted; none where it has no bot of ours.
// Themes are left out, and so are states made for tags.
func (b *Bots) States(in *session.Integration) []string {
	bot, _ := b.For(in).(*Bot)
	if r, ok := b.For(in).(released); ok {
		_, bot, _ = b.serving(r.source, 0) // nil where it cannot be loaded
	}
	if bot == nil {
		return nil
	}
	var paths []string
	for path, s := range bot.project.States {
		if !s.Theme && !made(s) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// made tells of a state, or one below it, that is not in the source.
func made(s *dialog.State) bool {
	for ; s != nil; s = s.Parent {
		if s.Action != nil {
			return true
		}
	}
	return false
}
