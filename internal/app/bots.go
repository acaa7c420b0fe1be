package app

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/session"
)

// bots are the loaded bot directories by path, and the one that answers for
// integrations that name none.
type bots struct {
	options script.Options

	mu       sync.RWMutex
	loaded   map[string]*script.Bot
	fallback *script.Bot // nil without --demo
	demo     string      // its directory
}

func newBots(options script.Options) *bots {
	return &bots{options: options, loaded: map[string]*script.Bot{}}
}

// find returns what answers for an integration. One without a bot uses the
// default bot; without that nothing answers.
func (b *bots) find(in *session.Integration) session.Bot {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if bot := b.loaded[in.Settings.Bot]; bot != nil {
		return bot
	}
	if in.Settings.Bot != "" {
		return missingBot(in.Settings.Bot)
	}
	if b.fallback != nil {
		return b.fallback
	}
	return nil
}

// missingBot stands for a directory that did not load when the server started.
type missingBot string

// Run always fails: the turn ends as an error turn, with the path in the log.
func (dir missingBot) Run(context.Context, *session.Turn) (*session.Decision, error) {
	return nil, fmt.Errorf("the bot in %s did not load", string(dir))
}

// load loads a directory. One that does not parse leaves the running version
// in place.
func (b *bots) load(dir string) error {
	bot, err := b.read(dir)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loaded[dir] = bot
	return nil
}

func (b *bots) read(dir string) (*script.Bot, error) {
	bot, found := script.Load(dir, b.options)
	if bot != nil {
		return bot, nil
	}
	for _, d := range found {
		if d.Severity == dialog.Error {
			return nil, session.Invalid("bot", "%s: %s", dir, d.String())
		}
	}
	return nil, session.Invalid("bot", "%s did not load", dir)
}

// has reports whether a directory is loaded.
func (b *bots) has(dir string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.loaded[dir] != nil
}

// setFallback loads the default bot.
func (b *bots) setFallback(dir string) error {
	bot, err := b.read(dir)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fallback, b.demo = bot, dir
	return nil
}

type botRecord struct {
	Dir  string `json:"bot"`
	Name string `json:"name"`
}

func listBots(_ context.Context, n *Node, _ struct{}) (any, error) {
	n.bots.mu.RLock()
	defer n.bots.mu.RUnlock()
	list := []botRecord{}
	for dir, bot := range n.bots.loaded {
		list = append(list, botRecord{dir, bot.Name()})
	}
	if n.bots.fallback != nil {
		list = append(list, botRecord{n.bots.demo, n.bots.fallback.Name()})
	}
	return list, nil
}

// reloadBots loads every bot directory again.
func reloadBots(ctx context.Context, n *Node, _ struct{}) (any, error) {
	var broken []error
	for _, in := range n.directory.Integrations() {
		if in.Settings.Bot != "" {
			broken = append(broken, n.bots.load(in.Settings.Bot))
		}
	}
	if err := errors.Join(broken...); err != nil {
		return nil, session.Invalid("bot", "%s; what ran before goes on", err.Error())
	}
	return listBots(ctx, n, struct{}{})
}
