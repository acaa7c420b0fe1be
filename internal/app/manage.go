package app

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/session"
)

type integrationGroup struct {
	Create integrationCreate `cmd:"" help:"Make an integration and its first API key."`
	List   integrationList   `cmd:"" help:"List integrations."`
	Show   integrationShow   `cmd:"" help:"Show one integration."`
	Set    integrationSet    `cmd:"" help:"Change the settings of an integration."`
}

// settingFlags are the settings that have a flag of their own; --settings
// takes any of them as JSON.
type settingFlags struct {
	WebhookURL    string `name:"webhook-url" help:"Where webhooks go."`
	WebhookSecret string `name:"webhook-secret" help:"Key of their signatures."`
	Bot           string `name:"bot" placeholder:"BOTDIR" help:"Bot directory that answers."`
	Settings      string `name:"settings" placeholder:"JSON" help:"Any settings as a JSON object, such as {\"session_timeout\":3600}."`
}

// merge joins the flags into one JSON object of settings.
func (f *settingFlags) merge() (json.RawMessage, error) {
	all := map[string]any{}
	if f.Settings != "" {
		if _, err := session.ParseDocument([]byte(f.Settings), "settings"); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(f.Settings), &all); err != nil {
			return nil, err
		}
	}
	for name, value := range map[string]string{"webhook_url": f.WebhookURL, "webhook_secret": f.WebhookSecret} {
		if value != "" {
			all[name] = value
		}
	}
	if f.Bot != "" {
		path, err := filepath.Abs(f.Bot)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("--bot: %w", err)
		}
		all["bot"] = path
	}
	return json.Marshal(all)
}

type integrationCreate struct {
	store
	settingFlags
	Name string `name:"name" required:"" help:"Name of the integration."`
	Kind string `name:"kind" enum:"custom,web" default:"custom" help:"Sets defaults: custom or web."`
}

// Help shows an example.
func (integrationCreate) Help() string {
	return "Works while the server runs, too. The API key is shown this once.\n\nExample:\n\n" +
		"  parley integration create --data ./parley-data --name shop --webhook-url https://example.com/hook --bot ./mybot --json"
}

// Run makes the integration.
func (c *integrationCreate) Run(p *process) error {
	settings, err := c.merge()
	if err != nil {
		return err
	}
	return p.ask(c.store, "integration.create", newIntegration{Name: c.Name, Kind: session.Kind(c.Kind), Settings: settings}, nil)
}

type integrationList struct{ store }

// Help shows an example.
func (integrationList) Help() string {
	return "Example:\n\n  parley integration list --data ./parley-data"
}

// Run lists integrations.
func (c *integrationList) Run(p *process) error {
	return p.ask(c.store, "integration.list", struct{}{}, table("ID\tNAME\tKIND\tACTIVE", columns("integration_id", "name", "kind", "active")))
}

type integrationShow struct {
	store
	ID string `arg:"" help:"Id of the integration."`
}

// Help shows an example.
func (integrationShow) Help() string {
	return "Example:\n\n  parley integration show 0197f0a0-0000-7000-8000-000000000000"
}

// Run shows one integration.
func (c *integrationShow) Run(p *process) error {
	return p.ask(c.store, "integration.show", named{ID: c.ID}, nil)
}

type integrationSet struct {
	store
	settingFlags
	ID     string `arg:"" help:"Id of the integration."`
	Name   string `name:"name" help:"New name."`
	Active *bool  `name:"active" negatable:"" help:"Switch it on, or off with --no-active."`
}

// Help shows an example.
func (integrationSet) Help() string {
	return "Settings that are not named stay as they are.\n\nExample:\n\n" +
		"  parley integration set 0197f0a0-0000-7000-8000-000000000000 --settings '{\"session_timeout\":3600}'"
}

// Run changes the integration.
func (c *integrationSet) Run(p *process) error {
	settings, err := c.merge()
	if err != nil {
		return err
	}
	return p.ask(c.store, "integration.set", newIntegration{ID: c.ID, Name: c.Name, Settings: settings, Active: c.Active}, nil)
}

type keyGroup struct {
	Create keyCreate `cmd:"" help:"Make a second key, to change over to."`
	List   keyList   `cmd:"" help:"List keys (never their text)."`
	Revoke keyRevoke `cmd:"" help:"Make a key useless at once."`
}

type keyCreate struct {
	store
	Integration string `name:"integration" required:"" help:"Id of the integration."`
}

// Help shows an example.
func (keyCreate) Help() string {
	return "An integration has at most two live keys. The text is shown this once.\n\nExample:\n\n" +
		"  parley key create --integration 0197f0a0-0000-7000-8000-000000000000"
}

// Run makes a key.
func (c *keyCreate) Run(p *process) error {
	return p.ask(c.store, "key.create", named{Integration: c.Integration}, nil)
}

type keyList struct {
	store
	Integration string `name:"integration" help:"Only keys of this integration."`
}

// Help shows an example.
func (keyList) Help() string { return "Example:\n\n  parley key list" }

// Run lists keys.
func (c *keyList) Run(p *process) error {
	return p.ask(c.store, "key.list", named{Integration: c.Integration}, table("ID\tINTEGRATION\tCREATED\tREVOKED", columns("key_id", "integration_id", "created_at", "revoked_at")))
}

type keyRevoke struct {
	store
	ID string `arg:"" help:"Id of the key."`
}

// Help shows an example.
func (keyRevoke) Help() string {
	return "Example:\n\n  parley key revoke 0197f0a0-0000-7000-8000-000000000000"
}

// Run revokes a key.
func (c *keyRevoke) Run(p *process) error { return p.ask(c.store, "key.revoke", named{ID: c.ID}, nil) }
