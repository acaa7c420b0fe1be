package script

import (
	"encoding/json"

	"parley/internal/session"
)

// reply is one element of $response.replies.
type reply map[string]any

// replies reads what this pass said, and all of $response.
func (r outcome) replies() ([]reply, json.RawMessage, error) {
	v, err := r.vm.Call("response")
	if err != nil || v.text == "" {
		return nil, nil, err
	}
	var response struct {
		Replies []any `json:"replies"`
	}
	if err := json.Unmarshal([]byte(v.text), &response); err != nil {
		return nil, nil, &dialogError{message: "$response.replies is no list of replies"}
	}
	var list []reply
	for _, item := range response.Replies {
		if object, ok := item.(map[string]any); ok {
			list = append(list, object)
			continue
		}
		r.log.Warn("an element of $response.replies is no object; it is ignored", "bot", r.bot.name, "state", r.state)
	}
	return list, json.RawMessage(v.text), r.checkReplies(list)
}

// checkReplies applies the limits to replies that scripts put there themselves.
func (r outcome) checkReplies(list []reply) error {
	count, size := len(r.before)+len(r.kept)+len(list), 0
	for _, group := range [][]reply{r.before, r.kept, list} {
		for _, one := range group {
			text, _ := one["text"].(string)
			size += len(text)
		}
	}
	return replyLimit(count, size)
}

func replyLimit(count, size int) error {
	switch {
	case count > session.MaxReplies:
		return &stopped{code: session.FailureLoop, message: "more than 64 replies in one turn"}
	case size > session.MaxReplyBytes:
		return &stopped{code: session.FailureLoop, message: "more than 64 KB of reply text in one turn"}
	}
	return nil
}

// wire turns replies into response objects: contract (e), JAICP mapping. A
// reply `switch` hands over, `timeout` arms the timeout.
func (r outcome) wire(replies []reply) ([]session.Reply, error) {
	w := &wireWriter{run: r.run}
	for _, one := range replies {
		if err := w.reply(one); err != nil {
			return nil, err
		}
	}
	out := make([]session.Reply, 0, len(w.list))
	for _, object := range w.list {
		object["action_id"] = session.NewID(r.turn.Now()).String()
		out = append(out, session.Reply(marshal(object)))
	}
	return out, nil
}

type wireWriter struct {
	run      *run
	list     []map[string]any
	lastText map[string]any
}

func (w *wireWriter) add(one reply, object map[string]any) map[string]any {
	if state, ok := one["state"].(string); ok && state != "" {
		object["state"] = state
	}
	w.list = append(w.list, object)
	return object
}

func (w *wireWriter) reply(one reply) error {
	kind, _ := one["type"].(string)
	switch kind {
	case "text":
		w.lastText = w.add(one, w.text(one))
	case "buttons":
		w.options(one)
	case "inlineButtons":
		w.inline(one)
	case "image":
		w.media(one, kind, "imageUrl", "text")
	case "audio":
		w.media(one, kind, "audioUrl", "audioName")
	case "video":
		w.media(one, kind, "videoUrl", "videoName")
	case "file", "document":
		w.media(one, "file", "fileUrl", "fileName")
	case "carousel":
		w.carousel(one)
	case "switch":
		w.handover(one)
	case "timeout":
		return w.timeout(one)
	default:
		w.passThrough(one)
	}
	return nil
}

// text keeps the alternative renderings beside the text.
func (w *wireWriter) text(one reply) map[string]any {
	object := map[string]any{}
	for name, value := range one {
		object[name] = value
	}
	object["text"] = str(one, "text")
	return object
}

func (w *wireWriter) passThrough(one reply) {
	object := map[string]any{}
	for name, value := range one {
		object[name] = value
	}
	w.add(one, object)
}

// options puts buttons on the last text; without one they get an empty text.
func (w *wireWriter) options(one reply) {
	w.addOptions(one, buttonsOf(one))
}

func (w *wireWriter) addOptions(one reply, buttons []reply) {
	if len(buttons) == 0 {
		return
	}
	if w.lastText == nil {
		w.lastText = w.add(one, map[string]any{"type": "text", "text": ""})
	}
	options, _ := w.lastText["options"].([]any)
	for _, b := range buttons {
		options = append(options, map[string]any{"label": str(b, "text"), "text": str(b, "text")})
	}
	w.lastText["options"] = options
}

// Limits of a carousel: contract (f).
const (
	maxCards       = 6
	maxCardButtons = 3
)

// inline makes a card of the buttons that open a link; the others are options.
func (w *wireWriter) inline(one reply) {
	var links []any
	var options []reply
	for _, b := range buttonsOf(one) {
		if str(b, "url") == "" {
			options = append(options, b)
			continue
		}
		links = append(links, map[string]any{"type": "url", "label": str(b, "text"), "url": str(b, "url")})
	}
	w.addOptions(one, options)
	var cards []any
	for len(links) > 0 && len(cards) < maxCards {
		n := min(len(links), maxCardButtons)
		first, _ := links[0].(map[string]any)
		cards = append(cards, map[string]any{"title": first["label"], "buttons": links[:n]})
		links = links[n:]
	}
	if len(cards) > 0 {
		w.add(one, map[string]any{"type": "carousel", "cards": cards})
	}
}

func (w *wireWriter) media(one reply, kind, urlField, nameField string) {
	object := map[string]any{"type": kind, "url": str(one, urlField, "url")}
	if name := str(one, nameField, "name"); name != "" {
		object["name"] = name
	}
	if size, ok := one["size"].(float64); ok {
		object["size"] = size
	}
	w.add(one, object)
}

func (w *wireWriter) carousel(one reply) {
	content, _ := one["content"].([]any)
	cards := []any{}
	for _, item := range content[:min(len(content), maxCards)] {
		source, ok := item.(map[string]any)
		if !ok {
			continue
		}
		cards = append(cards, card(source))
	}
	object := map[string]any{"type": "carousel", "cards": cards}
	if title := str(one, "text"); title != "" {
		object["text"] = title
	}
	w.add(one, object)
}

func card(source reply) map[string]any {
	c := map[string]any{"title": str(source, "title")}
	if subtitle := str(source, "description", "subtitle"); subtitle != "" {
		c["subtitle"] = subtitle
	}
	if image := str(source, "image"); image != "" {
		c["media"] = map[string]any{"type": "image", "url": image}
	}
	if label := str(source, "btnText"); label != "" {
		button := map[string]any{"type": "postback", "label": label, "value": label}
		if url := str(source, "url"); url != "" {
			button = map[string]any{"type": "url", "label": label, "url": url}
		}
		c["buttons"] = []any{button}
	}
	return c
}

func (w *wireWriter) timeout(one reply) error {
	return timeouts{w.run}.armTimeout(plain(json.RawMessage(marshal(one["interval"]))), str(one, "targetState"))
}

func buttonsOf(one reply) []reply {
	list, _ := one["buttons"].([]any)
	var buttons []reply
	for _, item := range list {
		if b, ok := item.(map[string]any); ok {
			buttons = append(buttons, b)
		}
	}
	return buttons
}

// str is the first of some fields that holds a text.
func str(one reply, names ...string) string {
	for _, name := range names {
		if text, ok := one[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}
