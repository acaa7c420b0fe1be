package load

import (
	"context"
	"errors"
	"time"

	"parley/e2e/history"
	"parley/internal/auth"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

// Cast is what a run needs of a data directory: two integrations that callers use,
// one whose sessions live as long as the run, and one whose sessions expire while it
// goes on, and one for scenes that are set up by hand: like the first, with the
// server's own bot. Session timeouts below a minute are refused by the command line,
// so they are written into the store itself.
type Cast struct {
	Calm   Integration
	Brief  Integration
	Staged Integration
	known  map[string]history.Settings
}

// Settings returns what the checker has to know of the integrations.
func (c *Cast) Settings() map[string]history.Settings { return c.known }

const (
	briefTimeout = 3 * time.Second
	briefDialog  = 2 * time.Second // the dialog timer
	briefWarning = time.Second     // before the end
	briefPending = 6
	keepAlive    = time.Second
)

// Webhook is where events of a run go.
type Webhook struct{ URL string } // "" for nowhere

// Bots are the directories of the bots of a run. Where one is "" the server's
// own bot answers, which can be told to take its time.
type Bots struct{ Calm, Brief string }

// Prepare makes the integrations in a new data directory.
func Prepare(ctx context.Context, dir string, hook Webhook, bots Bots) (cast *Cast, err error) {
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return PrepareIn(ctx, store.Registry(), hook, bots)
}

// PrepareIn makes the integrations in the registry of a new store.
func PrepareIn(ctx context.Context, registry session.Registry, hook Webhook, bots Bots) (*Cast, error) {
	directory := auth.NewDirectory(registry)
	cast := &Cast{known: map[string]history.Settings{}}
	var events []string
	if hook.URL != "" {
		events = append(session.WebhookEvents(), session.ExtensionEvents()...)
	}
	add := func(name, bot string, set session.Settings, to *Integration) error {
		set.WebhookURL, set.WebhookSecret, set.SubscribedEvents, set.Bot = hook.URL, "history", events, bot
		set.KeepAlive = session.Duration(keepAlive)
		in := &session.Integration{ID: name, Name: name, Kind: session.KindCustom, Active: true, CreatedMs: time.Now().UnixMilli()}
		in.Settings = set.WithDefaults(in.Kind)
		if err := registry.SaveIntegration(ctx, in); err != nil {
			return err
		}
		key, _, err := directory.IssueKey(ctx, name, time.Now())
		*to = Integration{ID: name, Key: key, Thinks: bot == ""}
		bound := in.Settings.MaxPending
		if bound == 0 {
			bound = session.MaxPendingMessages
		}
		cast.known[name] = history.Settings{
			TimeoutMs: in.Settings.SessionTimeout.Milliseconds(), MaxPending: bound, Subscribed: events,
		}
		return err
	}
	return cast, errors.Join(
		add("calm", bots.Calm, session.Settings{Desk: true}, &cast.Calm),
		add("staged", "", session.Settings{Desk: true}, &cast.Staged),
		add("brief", bots.Brief, session.Settings{
			SessionTimeout: session.Duration(briefTimeout), DialogTimeout: session.Duration(briefDialog),
			ExpiryWarning: session.Duration(briefWarning), MaxPending: briefPending,
		}, &cast.Brief),
	)
}
