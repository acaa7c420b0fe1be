package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/session"
)

// livechat is what the runtime remembers while people have the dialog: script-api
// 5.1.
type livechat struct {
	Phrases []string `json:"phrases,omitempty"`
	Last    string   `json:"last,omitempty"`
}

// Livechat reads what a turn left of a reply `switch`.
func (b *Bot) Livechat(v *session.Vars) *session.Livechat { return livechatOf(v) }

// Livechat reads what a turn left, whichever release ran it.
func (released) Livechat(v *session.Vars) *session.Livechat { return livechatOf(v) }

func livechatOf(v *session.Vars) *session.Livechat {
	if v == nil || !bytes.Contains(v.Extra, []byte(`"livechat"`)) {
		return nil
	}
	chat := parseExtra(v.Extra).Livechat
	if chat == nil {
		return nil
	}
	out := &session.Livechat{ClosePhrases: chat.Phrases}
	if chat.Last != "" {
		out.LastMessage = session.Reply(marshal(map[string]any{
			"type": "text", "text": chat.Last, "action_id": session.NewID(time.Now()).String(),
		}))
	}
	return out
}

// handover is the reply `switch`: the dialog goes to people.
func (w *wireWriter) handover(one reply) error {
	h := &session.Handover{
		Reason: "script", Department: str(one, "destination"), FirstMessage: str(one, "firstMessage"),
		OnlyOnline: one["ignoreOffline"] != true, Once: one["oneTimeMessage"] == true, Theme: str(one, "theme"),
		Attributes: attributes(one["attributes"]), Hidden: attributes(one["hiddenAttributes"]),
	}
	if h.FirstMessage == "" {
		h.FirstMessage = w.run.request.Query
	}
	if custom := one["customData"]; custom != nil {
		if h.Custom = json.RawMessage(marshal(custom)); len(h.Custom) > session.MaxReplyBytes {
			return &dialogError{code: "script", message: fmt.Sprintf("customData of a reply switch has %d bytes, the limit is %d", len(h.Custom), session.MaxReplyBytes)}
		}
	}
	if one["sendMessagesToOperator"] == true {
		var err error
		if h.History, err = (chatHistory{w.run}).forPeople(one["sendMessageHistoryAmount"]); err != nil {
			return err
		}
	}
	w.run.handover = h
	if !h.Once {
		w.transfer(one, h)
	}
	return nil
}

// attributes are the fields of an object as texts, nil for anything else.
func attributes(of any) map[string]string {
	object, ok := of.(map[string]any)
	if !ok {
		return nil
	}
	out := map[string]string{}
	for name, value := range object {
		out[name] = plain(json.RawMessage(marshal(value)))
	}
	return out
}

// transfer is the part of a reply `switch` that the client sees and the session
// remembers.
func (w *wireWriter) transfer(one reply, h *session.Handover) {
	chat := &livechat{Last: str(one, "lastMessage")}
	list, _ := one["closeChatPhrases"].([]any)
	for _, phrase := range list {
		if text, ok := phrase.(string); ok {
			chat.Phrases = append(chat.Phrases, text)
		}
	}
	w.run.extra.Livechat = chat
	object := map[string]any{"type": "handover", "name": h.Department}
	if one["appendCloseChatButton"] == true && len(chat.Phrases) > 0 {
		object["options"] = []any{map[string]any{"label": chat.Phrases[0], "text": chat.Phrases[0]}}
	}
	w.Put(one, object)
}
