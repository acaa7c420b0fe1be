package session

import (
	"encoding/json"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"time"
)

// HookType says when an AI webhook is called: contract b.2.
type HookType string

const (
	HookDialog HookType = "dialog"        // by a script, by name
	HookFirst  HookType = "first_message" // on the first user message of a session
	HookPre    HookType = "pre_message"   // before a user message is processed
	HookPost   HookType = "post_message"  // after the reply to it is made
)

// AIWebhook is a webhook that is called in the middle of a turn: contract b.2.
type AIWebhook struct {
	Name    string            `json:"name"` // unique in the integration
	URL     string            `json:"url"`
	Token   string            `json:"verification_token,omitempty"` // key of X-Moveo-Signature
	Type    HookType          `json:"type"`
	Headers map[string]string `json:"headers,omitempty"`
	// Fallback is said when a call fails; a script may give its own.
	Fallback string `json:"fallback,omitempty"`
	// FailOnError makes a failed call an error turn.
	FailOnError bool  `json:"fail_on_error,omitempty"`
	Enabled     *bool `json:"enabled,omitempty"` // nil is true
}

// UnmarshalJSON reads a webhook into an empty one and refuses unknown fields.
func (h *AIWebhook) UnmarshalJSON(b []byte) error {
	type plain AIWebhook
	var read plain
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&read); err != nil {
		return fmt.Errorf("ai_webhooks: %w", err)
	}
	*h = AIWebhook(read)
	return nil
}

// Redacted is the webhook without its secrets: token and values of headers.
func (h *AIWebhook) Redacted() AIWebhook {
	shown := *h
	if shown.Token != "" {
		shown.Token = Stars
	}
	shown.Headers = nil
	for name := range h.Headers {
		if shown.Headers == nil {
			shown.Headers = map[string]string{}
		}
		shown.Headers[name] = Stars
	}
	return shown
}

// On tells whether the webhook is called at all.
func (h *AIWebhook) On() bool { return h.Enabled == nil || *h.Enabled }

// Hook finds the webhook of a type that is in use, nil when there is none.
func (s *Settings) Hook(kind HookType) *AIWebhook {
	for i := range s.AIWebhooks {
		if h := &s.AIWebhooks[i]; h.Type == kind && h.On() {
			return h
		}
	}
	return nil
}

// DialogHook finds a dialog webhook by name, in use or not; nil when there is
// none.
func (s *Settings) DialogHook(name string) *AIWebhook {
	for i := range s.AIWebhooks {
		if h := &s.AIWebhooks[i]; h.Type == HookDialog && h.Name == name {
			return h
		}
	}
	return nil
}

// checkHooks refuses AI webhooks that contract b.2 does not allow. Addresses
// are checked where calls are made.
func (s *Settings) checkHooks() error {
	names, kinds := map[string]bool{}, map[HookType]bool{}
	for i := range s.AIWebhooks {
		h := &s.AIWebhooks[i]
		at := func(field string) string { return fmt.Sprintf("ai_webhooks[%d].%s", i, field) }
		switch {
		case strings.TrimSpace(h.Name) == "" || len(h.Name) > MaxHookNameBytes:
			return Invalid(at("name"), "must have 1 to %d bytes", MaxHookNameBytes)
		case names[h.Name]:
			return Invalid(at("name"), "there is another webhook called %q", h.Name)
		case !slices.Contains([]HookType{HookDialog, HookFirst, HookPre, HookPost}, h.Type):
			return Invalid(at("type"), "must be dialog, first_message, pre_message or post_message")
		case h.Type != HookDialog && kinds[h.Type]:
			return Invalid(at("type"), "there is another webhook of the type %s; there may be one", h.Type)
		case h.Token == Stars:
			return Invalid(at("verification_token"), "is the mask that stands for a token, not the token")
		case len(h.Fallback) > MaxReplyBytes:
			return Invalid(at("fallback"), "is longer than %d bytes", MaxReplyBytes)
		}
		if err := h.checkHeaders(at("headers")); err != nil {
			return err
		}
		names[h.Name], kinds[h.Type] = true, true
	}
	return nil
}

func (h *AIWebhook) checkHeaders(field string) error {
	if len(h.Headers) > MaxHookHeaders {
		return Invalid(field, "has %d headers, the limit is %d", len(h.Headers), MaxHookHeaders)
	}
	for name, value := range h.Headers {
		switch {
		case !isToken(name):
			return Invalid(field, "%q is no name of a header", name)
		case ownHeader(name):
			return Invalid(field, "%s is set by the server", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return Invalid(field, "the value of %s holds a control character", name)
		}
	}
	return nil
}

// isToken tells whether a text is a token of RFC 9110.
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// ownHeader tells whether a header belongs to the request itself.
func ownHeader(name string) bool {
	name = textproto.CanonicalMIMEHeaderKey(name)
	if strings.HasPrefix(name, "X-Moveo-") || strings.HasPrefix(name, "X-Parley-") {
		return true
	}
	return slices.Contains([]string{
		"Connection", "Content-Encoding", "Content-Length", "Content-Type", "Host", "Idempotency-Key", "Keep-Alive",
		"Te", "Trailer", "Transfer-Encoding", "Upgrade",
	}, name)
}

// checkBot refuses settings of a bot that is an HTTP endpoint and cannot work.
func (s *Settings) checkBot() error {
	timeout := time.Duration(s.BotTimeout)
	switch {
	case s.BotURL == "":
		return nil
	case s.Bot != "":
		return Invalid("bot_url", "bot names a dialog project already; an integration has one bot")
	case s.BotSecret == "" || s.BotSecret == Stars:
		return Invalid("bot_secret", "is missing: requests and answers of bot_url are signed with it")
	case len(s.BotFallback) > MaxReplyBytes:
		return Invalid("bot_fallback", "is longer than %d bytes", MaxReplyBytes)
	case timeout != 0 && (timeout < time.Second || timeout > HTTPBotTimeout):
		return Invalid("bot_timeout_seconds", "must be 1 to %d seconds", int(HTTPBotTimeout.Seconds()))
	}
	return nil
}

// WebhookCall is the call of a dialog webhook by a script: contract b.2.
type WebhookCall struct {
	Name     string
	Fallback string   // "" is that of the settings
	State    string   // the state that calls
	Language string   // of the bot
	Document Document // the context as the script has left it
	Heard
}

// Heard is what a bot understood of a text, as AI webhooks are told it.
type Heard struct {
	Intents  []HeardIntent
	Entities []HeardEntity
	Unknown  int // texts in a row that nothing in the dialog understood
}

// HeardIntent is one intent a text may have.
type HeardIntent struct {
	Intent     string  `json:"intent"`
	Confidence float64 `json:"confidence"` // 0 to 1
}

// HeardEntity is one thing a text names. Start and End count characters.
type HeardEntity struct {
	Entity     string          `json:"entity"`
	Value      json.RawMessage `json:"value"`
	Start      int             `json:"start"`
	End        int             `json:"end"`
	Confidence float64         `json:"confidence"`
	Type       string          `json:"type"` // system or custom
}

// WebhookAnswer is what a script gets of a dialog webhook.
type WebhookAnswer struct {
	Output   Document // the variables as they came; nil when the call failed
	Patch    Document // what they change in the context
	Fallback string   // text to say, because the call failed
}

// Merge returns the document with a patch merged into it by the rules of contract
// (d), as the commit of a turn does.
func (d Document) Merge(patch Document) (Document, error) {
	out, err := mergeInto(d, &Update{Patch: patch}, nil)
	if err != nil {
		return nil, err
	}
	return out.doc, nil
}
