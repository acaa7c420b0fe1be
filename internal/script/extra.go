package script

import (
	"encoding/json"
	"strings"
)

// historyLength is how many context paths are kept when chatbot.yaml does not say
// it (nlp.contextHistoryDepth).
const historyLength = 20

// maxHistoryLength bounds nlp.contextHistoryDepth: the history is stored with
// every turn.
const maxHistoryLength = 100

// extra is what the runtime remembers in a session beside $session.
type extra struct {
	History []string          `json:"history,omitempty"`
	Buttons map[string]string `json:"buttons,omitempty"` // lower-case text to target
	// Recent are the variants that random used last, by place.
	Recent map[string][]int `json:"recent,omitempty"`
	// Restart are the options of a deferred newSession.
	Restart json.RawMessage `json:"restart,omitempty"`
	// Filling is the intent whose slots are being asked for.
	Filling *filling `json:"filling,omitempty"`
	// Livechat is set while people have the dialog because the script said so.
	Livechat *livechat `json:"livechat,omitempty"`
	// Unknown counts the texts in a row that nothing understood.
	Unknown int `json:"unknown,omitempty"`
	// Block is the state of the bot's own action tag that runs, Args its parameters.
	Block string          `json:"block,omitempty"`
	Args  json.RawMessage `json:"args,omitempty"`
}

func parseExtra(text []byte) extra {
	var e extra
	if len(text) > 0 {
		_ = json.Unmarshal(text, &e) // what cannot be read is forgotten
	}
	return e
}

func (e *extra) json() []byte {
	text := marshal(e)
	if text == "{}" {
		return nil
	}
	return []byte(text)
}

// visit adds a context path that was left; keep is how many are kept.
func (e *extra) visit(path string, keep int) {
	history := append([]string{}, e.History...)
	history = append(history, path)
	e.History = history[max(len(history)-keep, 0):]
}

// offer replaces the table of buttons (dialog-language 3.5).
func (e *extra) offer(replies []reply) {
	e.Buttons = nil
	for _, r := range replies {
		list, _ := r["buttons"].([]any)
		for _, item := range list {
			button, _ := item.(map[string]any)
			text, _ := button["text"].(string)
			target, _ := button["transition"].(string)
			if text == "" || target == "" {
				continue
			}
			if e.Buttons == nil {
				e.Buttons = map[string]string{}
			}
			e.Buttons[buttonKey(text)] = target
		}
	}
}

func buttonKey(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
