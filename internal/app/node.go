package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"parley/internal/account"
	"parley/internal/aihook"
	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/config"
	"parley/internal/desk"
	"parley/internal/egress"
	"parley/internal/httpbot"
	"parley/internal/inbox"
	"parley/internal/privacy"
	"parley/internal/script"
	"parley/internal/session"
	"parley/internal/telemetry"
	"parley/internal/webhook"
)

// Node is one process's hold of a data directory: the store and everything
// that works on it. A node that does not serve runs no turns, timers or
// webhooks; it only does what the command line asks.
type Node struct {
	cfg       config.Config
	now       func() time.Time
	log       *slog.Logger
	store     *engine
	directory *auth.Directory
	people    *desk.Directory
	router    *desk.Router
	absence   *desk.Absence
	accounts  *account.Accounts
	scripts   script.Options
	bots      *script.Bots
	core      *session.Core
	keeper    *privacy.Keeper
	inbox     *inbox.Inbox
	guard     webhook.Guard
	hooks     *aihook.Caller
	endpoints *httpbot.Bots
	sender    *webhook.Sender
	metrics   *telemetry.Metrics
	tracer    *telemetry.Tracer // nil: nothing is traced
	env       *Environment
	files     *blob.Files
	peers     *peers // nil: the only node
	serving   bool
	base      string // of the server, as clients reach it
}

// open takes the data directory, creating it where it is absent, and the store.
// serving is false for a process that does one thing for the command line.
func open(ctx context.Context, cfg config.Config, env *Environment, log *slog.Logger, serving bool) (*Node, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	metrics := telemetry.New(env.Version)
	store, err := openEngine(ctx, cfg, metrics)
	if err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, now: env.Now, log: log, store: store, env: env, metrics: metrics, serving: serving}
	if err := build(ctx, n); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// build makes the parts, first those that the others read.
func build(ctx context.Context, n *Node) (err error) {
	if n.peers, err = meet(ctx, n); err != nil {
		return err
	}
	if n.peers != nil {
		n.now = n.peers.member.Now
	}
	n.directory = auth.NewDirectory(n.store.registry)
	n.directory.Share(n.peers.alone())
	if err := n.directory.Reload(ctx); err != nil {
		return err
	}
	n.people = desk.NewDirectory(n.store.desk, n.now)
	n.people.Share(n.peers.alone())
	if err := n.people.Reload(ctx); err != nil {
		return err
	}
	if err := n.wire(ctx); err != nil {
		return err
	}
	return n.peers.shareReleases(ctx)
}

// wire builds the parts on the store. The core registers itself as the
// listener of commits; the webhook sender is woken by those that fill the
// outbox.
func (n *Node) wire(ctx context.Context) error {
	if err := n.openFiles(); err != nil {
		return err
	}
	options, err := botOptions(n.cfg, n.env)
	if err != nil {
		return err
	}
	if err := n.follow(); err != nil {
		return err
	}
	options.Log, options.Stopped, options.Egress.Around = n.log, n.metrics.Stop, n.around()
	n.scripts, n.bots = options, script.NewBots(options, releasesDir(n.cfg))
	if err := openAccounts(ctx, n); err != nil {
		return err
	}
	n.guard = webhook.Guard{AllowHTTP: n.cfg.AllowHTTPWebhooks, AllowPrivate: n.cfg.AllowPrivateWebhooks, Around: n.around()}
	n.sender = webhook.New(webhook.Options{
		Outbox: n.store.outbox, Integration: n.directory.Integration, Now: n.now, Log: n.log,
		Guard: n.guard, Workers: n.cfg.WebhookWorkers, UserAgent: "Parley/" + n.env.Version,
		Tracing: n.tracing(),
		Observe: func(r webhook.Report) { n.metrics.Attempt(r.Delivered, r.Final, r.Took) },
	})
	agent := "Parley/" + n.env.Version
	n.hooks = aihook.New(aihook.Options{Guard: n.guard.Egress(), Now: n.now, Log: n.log, UserAgent: agent})
	n.endpoints = httpbot.New(httpbot.Options{Guard: n.guard.Egress(), Now: n.now, Log: n.log, UserAgent: agent})
	n.inbox = inbox.New(inbox.Config{
		Index: n.store.index, Store: n.store, Integration: n.directory.Integration,
		Integrations: n.directory.Integrations, Now: n.now, Log: n.log, Others: n.peers.others(),
	})
	n.router, n.absence = n.newRouter(), desk.NewAbsence(n.people, session.AutoAwayTime, n.log)
	n.core = session.New(session.Config{
		Store:       n.store,
		Integration: n.directory.Integration,
		Bot:         n.bot,
		Desk:        n.people,
		States:      n.bots.States,
		Now:         n.now,
		Log:         n.log,
		Metrics:     n.metrics.Core(),
		Tracing:     n.tracing(),
		Queued:      n.sender.Wake,
		Committed:   n.committed,
		Trace:       n.env.Trace,
		MaxPending:  n.cfg.MaxPending,
		Shared:      n.peers != nil,
		Cluster:     n.peers.view(),
		Bus:         n.peers.hints(),
		Retention:   session.Retention{EventsMs: n.cfg.EventRetention.Milliseconds()},
	})
	n.keeper = privacy.New(privacy.Config{
		Core: n.core, Archive: n.store.archive, Files: n.store.files, Objects: n.store.objects, Integrations: n.directory.Integrations, Backups: n.cfg.BackupRetention, Now: n.now, Log: n.log,
		Leads: n.peers.leads,
	})
	return nil
}

// openAccounts makes the side of those who sign in.
func openAccounts(ctx context.Context, n *Node) error {
	signOn, err := signOnOf(n.cfg)
	if err != nil {
		return err
	}
	sealKey, err := n.peers.sealKey(ctx)
	if err != nil {
		return err
	}
	n.accounts = account.New(account.Config{
		Store: n.store.accounts, People: n.people, Now: n.now, Log: n.log, SignOn: signOn, Alone: n.peers.admins(), SealKey: sealKey,
	})
	return nil
}

func (n *Node) close() error {
	n.unfollow()
	return errors.Join(n.peers.leave(), n.store.Close())
}

// bot returns what answers for an integration.
func (n *Node) bot(in *session.Integration) session.Bot {
	if n.env.Bot != nil {
		if bot := n.env.Bot(in); bot != nil {
			return bot
		}
	}
	bot := n.bots.For(in)
	if in.Settings.BotURL != "" {
		bot = n.endpoints.For(in)
	}
	if bot == nil {
		return nil
	}
	return n.hooks.Around(bot, in)
}

// egressOf says where scripts may call.
func egressOf(cfg config.Config) (egress.Guard, error) {
	networks, err := auth.ParseNetworks("script-network", cfg.ScriptNetworks)
	return egress.Guard{Networks: networks, PrivateSetting: "script-network"}, err
}

// botOptions are what the settings say about every bot.
func botOptions(cfg config.Config, env *Environment) (script.Options, error) {
	guard, err := egressOf(cfg)
	if err != nil {
		return script.Options{}, err
	}
	secrets, err := script.ReadSecrets(cfg.Secrets, env.Environ)
	return script.Options{
		Engines: cfg.EnginesPerBot, Strict: cfg.Isolation == "strict", Secrets: secrets,
		Egress: guard,
		Mail:   script.MailServer{Address: cfg.SMTP, User: cfg.SMTPUser, From: cfg.SMTPFrom},
		GPT:    script.GPT{URL: cfg.GPTURL, Model: cfg.GPTModel},
		NLU:    script.NLU{URL: cfg.NLUURL, Model: cfg.NLUModel},
	}, err
}

// signOnOf says how agents sign on, nil when no provider is set.
func signOnOf(cfg config.Config) (*account.SignOn, error) {
	if cfg.OIDCIssuer == "" {
		return nil, nil
	}
	s := &account.SignOn{
		Issuer: cfg.OIDCIssuer, ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret,
		Name: cfg.OIDCName, Domains: cfg.OIDCDomains,
	}
	if cfg.OIDCRole != "invited" {
		s.Role = desk.Role(cfg.OIDCRole)
	}
	return s, s.Check()
}
