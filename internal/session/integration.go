package session

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Kind of an integration only sets defaults: contract (g) 32.
type Kind string

const (
	KindCustom Kind = "custom"
	KindWeb    Kind = "web"
)

// Integration is one channel connection of one customer system. It has a REST
// and a socket face under one id. Values are immutable once handed out.
type Integration struct {
	ID        string
	Name      string
	Kind      Kind
	Active    bool
	CreatedMs int64
	Settings  Settings
}

// Settings of an integration: contract a.0 and (f). Zero values are filled by
// [Settings.WithDefaults].
type Settings struct {
	WebhookURL       string   `json:"webhook_url,omitempty"`
	WebhookSecret    string   `json:"webhook_secret,omitempty"`
	SubscribedEvents []string `json:"subscribed_events,omitempty"` // empty = the eleven of contract b.1
	ChatCallbackURL  string   `json:"chat_callback_url,omitempty"` // of the Chat API: script-api 6.1
	StrictRetries    bool     `json:"strict_retries,omitempty"`
	AllowedIPs       []string `json:"allowed_ips,omitempty"` // addresses or CIDR; empty = everyone
	Domains          []string `json:"domains,omitempty"`     // origins of the socket face; empty = any

	SessionTimeout Duration `json:"session_timeout,omitzero"`
	HumanTimeout   Duration `json:"human_timeout,omitzero"`              // default: SessionTimeout
	DialogTimeout  Duration `json:"inactivity_timeout_seconds,omitzero"` // 0 = off
	KeepAlive      Duration `json:"keep_alive,omitzero"`                 // of sessions created on the socket face
	MaxSession     Duration `json:"max_session_seconds,omitzero"`        // 0 = off
	ExpiryWarning  Duration `json:"expiry_warning_seconds,omitzero"`     // 0 = off

	Masked         []string `json:"masked_fields,omitempty"` // dotted paths; empty = DefaultMasked
	MaskREST       bool     `json:"mask_rest,omitempty"`
	LenientContext bool     `json:"lenient_context,omitempty"`      // socket update without context.user
	MaxPending     int      `json:"max_pending_messages,omitempty"` // 0 = the server's

	IdentityKey      string `json:"identity_public_key,omitempty"` // PEM, RS256
	IdentityIssuer   string `json:"identity_issuer,omitempty"`
	IdentityRequired bool   `json:"identity_required,omitempty"`

	Bot                       string         `json:"bot,omitempty"`  // absolute path of a bot directory
	Desk                      bool           `json:"desk,omitempty"` // people answer handed over conversations
	BotFailuresBeforeHandover *int           `json:"bot_failures_before_handover,omitempty"`
	BotFailedNotice           string         `json:"bot_failed_notice,omitempty"` // said to the client when people take over from a broken bot
	Web                       map[string]any `json:"web,omitempty"`               // keys of contract a.13

	BotURL      string   `json:"bot_url,omitempty"` // of a bot that is an HTTP endpoint
	BotSecret   string   `json:"bot_secret,omitempty"`
	BotFallback string   `json:"bot_fallback,omitempty"`       // said when it does not answer
	BotTimeout  Duration `json:"bot_timeout_seconds,omitzero"` // default and most: HTTPBotTimeout

	AIWebhooks []AIWebhook `json:"ai_webhooks,omitempty"` // contract b.2

	RetentionDays int `json:"retention_days,omitempty"` // after the end of a chain all of it is erased; 0 = never

	mask mask // of Masked
}

// Duration is a time span that is written as whole seconds in JSON.
type Duration time.Duration

// MarshalJSON writes whole seconds.
func (d Duration) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%d", int64(time.Duration(d)/time.Second)), nil
}

// UnmarshalJSON reads whole seconds.
func (d *Duration) UnmarshalJSON(b []byte) error {
	var n int64
	if _, err := fmt.Sscanf(string(b), "%d", &n); err != nil || strconv.FormatInt(n, 10) != string(b) {
		return Invalid("", "must be a whole number of seconds")
	}
	*d = Duration(time.Duration(n) * time.Second)
	return nil
}

// Milliseconds returns the span in milliseconds.
func (d Duration) Milliseconds() int64 { return time.Duration(d).Milliseconds() }

// Seconds returns the span in whole seconds.
func (d Duration) Seconds() int64 { return int64(time.Duration(d) / time.Second) }

// WithDefaults fills what the kind of the integration decides.
func (s Settings) WithDefaults(k Kind) Settings {
	if s.SessionTimeout == 0 {
		s.SessionTimeout = Duration(DefaultSessionTimeout)
		if k == KindWeb {
			s.SessionTimeout = Duration(DefaultWebSessionTimeout)
		}
	}
	if s.HumanTimeout == 0 {
		s.HumanTimeout = s.SessionTimeout
	}
	if s.KeepAlive == 0 {
		s.KeepAlive = Duration(DefaultWebKeepAlive)
	}
	if len(s.Masked) == 0 {
		s.Masked = DefaultMasked()
	}
	s.mask = newMask(s.Masked)
	return s
}

// Check refuses settings out of their ranges, naming the field.
func (s *Settings) Check() error {
	timeout := time.Duration(s.SessionTimeout)
	if timeout < MinSessionTimeout || timeout > MaxSessionTimeout {
		return Invalid("session_timeout", "must be %d to %d seconds", int(MinSessionTimeout.Seconds()), int(MaxSessionTimeout.Seconds()))
	}
	if s.DialogTimeout < 0 || s.DialogTimeout >= s.SessionTimeout {
		return Invalid("inactivity_timeout_seconds", "must be shorter than session_timeout")
	}
	if s.ExpiryWarning < 0 || s.ExpiryWarning >= s.SessionTimeout {
		return Invalid("expiry_warning_seconds", "must be shorter than session_timeout")
	}
	if s.HumanTimeout < 0 || s.KeepAlive < 0 || s.MaxSession < 0 {
		return Invalid("human_timeout", "timeouts must not be negative")
	}
	if s.RetentionDays < 0 || s.RetentionDays > MaxRetentionDays {
		return Invalid("retention_days", "must be 0 to %d", MaxRetentionDays)
	}
	known := append(WebhookEvents(), ExtensionEvents()...)
	for _, name := range s.SubscribedEvents {
		if !slices.Contains(known, name) {
			return Invalid("subscribed_events", "unknown event %q", name)
		}
	}
	if err := s.checkBot(); err != nil {
		return err
	}
	if err := s.checkWeb(); err != nil {
		return err
	}
	return s.checkHooks()
}

// Subscribes reports whether events of this name are sent to the webhook.
func (s *Settings) Subscribes(name string) bool {
	if s.WebhookURL == "" {
		return false
	}
	if len(s.SubscribedEvents) == 0 {
		return slices.Contains(WebhookEvents(), name)
	}
	return slices.Contains(s.SubscribedEvents, name)
}

// Recipient returns the URL that deliveries of a kind go to, "" for none, and
// the setting that holds it.
func (s *Settings) Recipient(kind string) (url, setting string) {
	if kind == DeliveryChat {
		return s.ChatCallbackURL, "chat_callback_url"
	}
	return s.WebhookURL, "webhook_url"
}

// failuresBeforeHandover returns after how many error turns in a row the
// conversation goes to people; 0 is never. It takes effect only where a desk
// is set up (Desk).
func (s *Settings) failuresBeforeHandover() int {
	if !s.Desk {
		return 0
	}
	if s.BotFailuresBeforeHandover == nil {
		return BotFailuresBeforeHandover
	}
	return *s.BotFailuresBeforeHandover
}

// WelcomeTrigger is the first message a widget sends by itself: contract c.2.
// Scripts get /start in its place.
func (s *Settings) WelcomeTrigger() string {
	if text, ok := s.Web["welcome_trigger_message"].(string); ok && text != "" {
		return text
	}
	return DefaultWelcomeTrigger
}

// DefaultWelcomeTrigger is the documented example value.
const DefaultWelcomeTrigger = "defaultstartmessage"
