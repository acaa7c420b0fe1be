package script

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// releases are the shelves of the bots of a server and what runs from them. It
// is guarded by the lock of Bots.
type releases struct {
	root    string // "" = no releases
	shelves map[string]*shelf
	loaded  map[releaseKey]*Bot
}

type releaseKey struct {
	source string
	number int
}

// shelf is the shelf of a bot directory.
func (r *releases) shelf(source string) (*shelf, error) {
	if s := r.shelves[source]; s != nil {
		return s, nil
	}
	s, err := openShelf(r.root, source)
	if err == nil {
		r.shelves[source] = s
	}
	return s, err
}

// released is a bot directory with releases: each session runs its own.
type released struct {
	bots   *Bots
	source string
}

// Run decides a turn with the release of its session, the current one for a
// session without. A session that was moved to a release that lacks its state
// goes on at the root.
func (b released) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	number, bot, err := b.bots.serving(b.source, turn.Session.Release)
	if err != nil {
		return nil, err
	}
	if moved := turn.Session.Release != number; moved && turn.Vars != nil && bot.project.States[turn.Vars.Position] == nil {
		at, vars := *turn, *turn.Vars
		vars.Position = ""
		at.Vars = &vars
		turn = &at
	}
	d, err := bot.Run(ctx, turn)
	if d != nil {
		d.Release = number
	}
	return d, err
}

// serving loads the release that a session on release n of a bot runs.
func (b *Bots) serving(source string, n int) (int, *Bot, error) {
	b.mu.Lock()
	s, err := b.releases.shelf(source)
	if err != nil {
		b.mu.Unlock()
		return 0, nil, err
	}
	number := s.serving(n)
	key := releaseKey{source, number}
	bot := b.releases.loaded[key]
	b.mu.Unlock()
	if bot != nil {
		return number, bot, nil
	}
	bot, found := loadRelease(s, number, b.options)
	if bot == nil {
		return number, nil, brokenBot{dir: s.folder(number), found: found}.reason()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if other := b.releases.loaded[key]; other != nil {
		return number, other, nil
	}
	b.releases.loaded[key] = bot
	return number, bot, nil
}

func loadRelease(s *shelf, number int, options Options) (*Bot, []dialog.Diagnostic) {
	return loadNamed(s.folder(number), filepath.Base(s.Source), options)
}

// loadNamed loads a copy of a directory under the name of the original.
func loadNamed(dir, name string, options Options) (*Bot, []dialog.Diagnostic) {
	options.Name = name
	return Load(dir, options)
}

// Released tells whether a bot directory was ever deployed: then its releases
// run, and the directory itself does not.
func (b *Bots) Released(source string) bool {
	if b.releases.root == "" {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.releases.shelf(source)
	return err != nil || s.Current > 0 // what cannot be read refuses its turns
}

// Deploy puts a staged copy of a bot directory into service for new sessions; with
// move, for all. A copy with errors is refused: then the diagnostics have one.
func (b *Bots) Deploy(source, staged string, at time.Time, move bool) (Release, []dialog.Diagnostic, error) {
	bot, found := loadNamed(staged, filepath.Base(source), b.options)
	if bot == nil || dialog.HasErrors(found) {
		return Release{}, found, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.releases.shelf(source)
	if err != nil {
		return Release{}, found, err
	}
	next, r, err := s.add(staged, at, move)
	if err != nil {
		return Release{}, found, err
	}
	b.releases.shelves[source] = next
	b.releases.loaded[releaseKey{source, r.Number}] = bot
	return r, found, nil
}

// Rollback puts an earlier release into service, 0 for the one before the
// current. Sessions of the withdrawn release go with it unless keep.
func (b *Bots) Rollback(source string, to int, keep bool) (Release, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.releases.shelf(source)
	if err != nil {
		return Release{}, err
	}
	next, err := s.restore(to, keep)
	if err != nil {
		return Release{}, session.Invalid("release", "%s: %s", source, err.Error())
	}
	b.releases.shelves[source] = next
	return next.current(), nil
}

func (s *shelf) current() Release {
	for _, r := range s.Releases {
		if r.Number == s.Current {
			return r
		}
	}
	return Release{}
}

// Releases lists the releases of a bot directory, oldest first, and tells which
// of them a session on release n runs.
func (b *Bots) Releases(source string) (list []Release, serving func(n int) int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.releases.shelf(source)
	if err != nil {
		return nil, nil, err
	}
	return s.Releases, s.serving, nil
}

// Prune forgets the releases that no session runs, and takes old ones off the
// shelf; it gives those that are left, oldest first.
func (b *Bots) Prune(source string, inUse func(n int) bool) ([]Release, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.releases.shelf(source)
	if err != nil {
		return nil, err
	}
	next, err := s.prune(inUse)
	b.releases.shelves[source] = next
	if err != nil {
		return next.Releases, fmt.Errorf("old releases of %s: %w", source, err)
	}
	for key := range b.releases.loaded {
		if key.source == source && key.number != s.Current && !inUse(key.number) {
			delete(b.releases.loaded, key)
		}
	}
	return next.Releases, nil
}
