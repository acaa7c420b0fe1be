package app

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/aihook"
	"parley/internal/auth"
	"parley/internal/dialog"
	"parley/internal/httpbot"
	"parley/internal/session"
	"parley/internal/webhook"
)

// newIntegration are the arguments of `parley integration create` and set.
type newIntegration struct {
	ID       string          `json:"id,omitempty"` // of set
	Name     string          `json:"name,omitempty"`
	Kind     session.Kind    `json:"kind,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"` // merged into those it has
	Active   *bool           `json:"active,omitempty"`
}

// createdIntegration is what create prints; the key is shown this once.
type createdIntegration struct {
	Integration string       `json:"integration_id"`
	Name        string       `json:"name"`
	Kind        session.Kind `json:"kind"`
	Key         string       `json:"api_key"`
	BotErrors   []string     `json:"bot_errors,omitempty"` // states that have them fail when they are reached
}

func createIntegration(ctx context.Context, n *Node, args newIntegration) (any, error) {
	if args.Name == "" {
		return nil, session.Invalid("name", "is missing")
	}
	if args.Kind == "" {
		args.Kind = session.KindCustom
	}
	if args.Kind != session.KindCustom && args.Kind != session.KindWeb {
		return nil, session.Invalid("kind", "must be custom or web")
	}
	in := &session.Integration{
		ID: session.NewID(n.now()).String(), Name: args.Name, Kind: args.Kind, Active: true, CreatedMs: n.now().UnixMilli(),
	}
	faults, err := n.save(ctx, in, args.Settings)
	if err != nil {
		return nil, err
	}
	key, _, err := n.directory.IssueKey(ctx, in.ID, n.now())
	if err != nil {
		return nil, err
	}
	return createdIntegration{Integration: in.ID, Name: in.Name, Kind: in.Kind, Key: key, BotErrors: faults}, nil
}

// save checks the settings and stores the integration. What is stored are the
// settings as given, so that a default that changes later reaches everybody. It gives the errors of a
// bot that runs in spite of them; one that cannot run is refused.
func (n *Node) save(ctx context.Context, in *session.Integration, settings json.RawMessage) (faults []string, err error) {
	if len(settings) > 0 {
		if err := mergeSettings(&in.Settings, settings); err != nil {
			return nil, err
		}
	}
	full := in.Settings.WithDefaults(in.Kind)
	if err := full.Check(); err != nil {
		return nil, err
	}
	if err := auth.CheckSettings(&full); err != nil {
		return nil, err
	}
	if err := webhook.CheckSettings(&full, n.guard); err != nil {
		return nil, err
	}
	if err := aihook.CheckSettings(&full, n.guard.Egress()); err != nil {
		return nil, err
	}
	if err := httpbot.CheckSettings(&full, n.guard.Egress()); err != nil {
		return nil, err
	}
	if full.Bot != "" {
		path, err := filepath.Abs(full.Bot)
		if err != nil {
			return nil, err
		}
		in.Settings.Bot = path
		found, ok := n.bots.Load(path)
		if !ok {
			return nil, refuse(path, found)
		}
		faults = errorsOf(found)
	}
	if err := n.store.registry.SaveIntegration(ctx, in); err != nil {
		return nil, err
	}
	return faults, n.directory.Reload(ctx)
}

// mergeSettings writes the settings that are named over those there are. A name
// that no setting has is refused: one slip in masked_fields would show what
// nobody may see.
func mergeSettings(set *session.Settings, given json.RawMessage) error {
	strict := json.NewDecoder(bytes.NewReader(given))
	strict.DisallowUnknownFields()
	err := strict.Decode(set)
	if err == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return session.Invalid("settings."+strings.Trim(name, `"`), "is no setting")
	}
	return session.Invalid("settings", "%s", err.Error())
}

// errorsOf are the diagnostics that are errors, as text.
func errorsOf(found []dialog.Diagnostic) []string {
	var list []string
	for _, d := range found {
		if d.Severity == dialog.Error {
			list = append(list, d.String())
		}
	}
	return list
}

// integrationRecord is an integration as the command line shows it. The
// webhook secret and those of bots and AI webhooks are not shown.
type integrationRecord struct {
	ID        string           `json:"integration_id"`
	Name      string           `json:"name"`
	Kind      session.Kind     `json:"kind"`
	Active    bool             `json:"active"`
	CreatedAt time.Time        `json:"created_at"`
	Settings  session.Settings `json:"settings"`
	BotErrors []string         `json:"bot_errors,omitempty"` // of a bot that was just set
}

func showRecord(in *session.Integration) integrationRecord {
	set := in.Settings
	for _, secret := range []*string{&set.WebhookSecret, &set.BotSecret} {
		if *secret != "" {
			*secret = session.Stars
		}
	}
	set.AIWebhooks = nil
	for _, h := range in.Settings.AIWebhooks {
		set.AIWebhooks = append(set.AIWebhooks, h.Redacted())
	}
	return integrationRecord{in.ID, in.Name, in.Kind, in.Active, time.UnixMilli(in.CreatedMs).UTC(), set, nil}
}

func listIntegrations(_ context.Context, n *Node, _ struct{}) (any, error) {
	list := []integrationRecord{}
	for _, in := range n.directory.Integrations() {
		list = append(list, showRecord(in))
	}
	return list, nil
}

// named are the arguments of operations on one thing.
type named struct {
	ID          string `json:"id,omitempty"`
	Integration string `json:"integration,omitempty"`
	Limit       int    `json:"limit,omitempty"`
	Status      string `json:"status,omitempty"`
	Stale       int64  `json:"stale,omitempty"` // seconds
}

func (n *Node) integration(id string) (*session.Integration, error) {
	in, ok := n.directory.Integration(id)
	if !ok {
		return nil, &session.Error{Code: session.CodeIntegrationNotFound, Field: "integration", Message: "there is none with this id"}
	}
	return in, nil
}

func showIntegration(_ context.Context, n *Node, args named) (any, error) {
	in, err := n.integration(args.ID)
	if err != nil {
		return nil, err
	}
	return showRecord(in), nil
}

func setIntegration(ctx context.Context, n *Node, args newIntegration) (any, error) {
	stored, err := n.store.registry.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	for _, in := range stored {
		if in.ID != args.ID {
			continue
		}
		if args.Name != "" {
			in.Name = args.Name
		}
		if args.Active != nil {
			in.Active = *args.Active
		}
		faults, err := n.save(ctx, in, args.Settings)
		if err != nil {
			return nil, err
		}
		record := showRecord(in)
		record.BotErrors = faults
		return record, nil
	}
	_, err = n.integration(args.ID)
	return nil, err
}
