package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"parley/internal/dialog"
	"parley/internal/session"
)

// Bots are the bots of a server, by directory. It is safe for concurrent use.
type Bots struct {
	options Options

	mu       sync.Mutex
	loaded   map[string]*Bot
	broken   map[string][]dialog.Diagnostic // directories that never loaded
	fallback *Bot
	releases releases
}

// NewBots is a registry without bots. root is the directory that keeps their
// releases, "" for none.
func NewBots(options Options, root string) *Bots {
	return &Bots{
		options: options, loaded: map[string]*Bot{}, broken: map[string][]dialog.Diagnostic{},
		releases: releases{root: root, shelves: map[string]*shelf{}, loaded: map[releaseKey]*Bot{}},
	}
}

// SetDefault sets the bot of integrations without one; nil for none.
func (b *Bots) SetDefault(bot *Bot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fallback = bot
}

// For gives the bot of an integration, nil when it has none. The bot of a
// directory that cannot be loaded refuses its turns with the first error.
func (b *Bots) For(in *session.Integration) session.Bot {
	dir := in.Settings.Bot
	if dir != "" && b.Released(dir) {
		return released{b, dir}
	}
	b.mu.Lock()
	bot, broken, fallback := b.loaded[dir], b.broken[dir], b.fallback
	b.mu.Unlock()
	switch {
	case dir == "" && fallback == nil:
		return nil
	case dir == "":
		return fallback
	case bot != nil:
		return bot
	case broken == nil:
		found, loaded := b.Load(dir)
		if loaded {
			return b.For(in)
		}
		broken = found
	}
	return brokenBot{dir: dir, found: broken}
}

// Load loads a directory, again when it is in service; ok is false when this
// version does not go into service: one that cannot run does not, nor one with
// errors in place of one without. Turns that run finish on the version they began
// with.
func (b *Bots) Load(dir string) (found []dialog.Diagnostic, ok bool) {
	bot, found := Load(dir, b.options)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch before := b.loaded[dir]; {
	case before != nil && dialog.HasErrors(found) && (bot == nil || !before.faulty):
		return found, false
	case bot == nil:
		b.broken[dir] = found
		return found, false
	}
	b.loaded[dir] = bot
	delete(b.broken, dir)
	return found, true
}

// Reload loads every known directory again and gives the diagnostics of those
// whose new version did not go into service.
func (b *Bots) Reload() map[string][]dialog.Diagnostic {
	refused := map[string][]dialog.Diagnostic{}
	for _, dir := range b.Dirs() {
		if found, ok := b.Load(dir); !ok {
			refused[dir] = found
		}
	}
	return refused
}

// Dirs are the directories that were asked for.
func (b *Bots) Dirs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var dirs []string
	for dir := range b.loaded {
		dirs = append(dirs, dir)
	}
	for dir := range b.broken {
		if b.loaded[dir] == nil {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return dirs
}

// brokenBot stands in for a directory that never loaded.
type brokenBot struct {
	dir   string
	found []dialog.Diagnostic
}

func (b brokenBot) Run(context.Context, *session.Turn) (*session.Decision, error) {
	return nil, b.reason()
}

func (b brokenBot) reason() error {
	for _, d := range b.found {
		if d.Severity == dialog.Error {
			return fmt.Errorf("the bot in %s is not loaded: %s", b.dir, d)
		}
	}
	return errors.New("the bot in " + b.dir + " is not loaded")
}
