package wire

import "maps"

// Reply is one element of $response.replies: script-api 3.
type Reply = map[string]any

// Object is one response object of the wire: contract (e).
type Object = map[string]any

// Writer turns the replies of one answer into response objects, in order. A
// type it does not know goes through as it is.
type Writer struct {
	Objects  []Object
	lastText Object
}

// Put adds an object that was made of a reply; it keeps the reply's state.
func (w *Writer) Put(reply Reply, object Object) Object {
	if state := text(reply, "state"); state != "" {
		object["state"] = state
	}
	w.Objects = append(w.Objects, object)
	return object
}

// Add adds a reply.
func (w *Writer) Add(reply Reply) {
	kind := text(reply, "type")
	switch kind {
	case "text":
		object := maps.Clone(reply) // with the other renderings beside the text
		object["text"] = text(reply, "text")
		w.lastText = w.Put(reply, object)
	case "buttons":
		w.options(reply, list(reply, "buttons"))
	case "inlineButtons":
		w.inline(reply)
	case "carousel":
		w.carousel(reply)
	default:
		if f, ok := formOfReply(kind); ok {
			w.Put(reply, f.write(reply))
			return
		}
		w.Put(reply, maps.Clone(reply))
	}
}

// options puts buttons on the last text; without one they get an empty text.
func (w *Writer) options(reply Reply, buttons []map[string]any) {
	if len(buttons) == 0 {
		return
	}
	if w.lastText == nil {
		w.lastText = w.Put(reply, Object{"type": "text", "text": ""})
	}
	options, _ := w.lastText["options"].([]any)
	for _, b := range buttons {
		options = append(options, map[string]any{"label": text(b, "text"), "text": text(b, "text")})
	}
	w.lastText["options"] = options
}

// Limits of a carousel: contract (f).
const (
	maxCards       = 6
	maxCardButtons = 3
)

// inline makes cards of the buttons that open a link; the others are options.
func (w *Writer) inline(reply Reply) {
	var links []any
	var options []map[string]any
	for _, b := range list(reply, "buttons") {
		if text(b, "url") == "" {
			options = append(options, b)
			continue
		}
		links = append(links, map[string]any{"type": "url", "label": text(b, "text"), "url": text(b, "url")})
	}
	w.options(reply, options)
	var cards []any
	for len(links) > 0 && len(cards) < maxCards {
		n := min(len(links), maxCardButtons)
		first, _ := links[0].(map[string]any)
		cards = append(cards, map[string]any{"title": first["label"], "buttons": links[:n]})
		links = links[n:]
	}
	if len(cards) > 0 {
		w.Put(reply, Object{"type": "carousel", "cards": cards})
	}
}

func (w *Writer) carousel(reply Reply) {
	content := list(reply, "content")
	cards := []any{}
	for _, source := range content[:min(len(content), maxCards)] {
		cards = append(cards, card(source))
	}
	object := Object{"type": "carousel", "cards": cards}
	if title := text(reply, "text"); title != "" {
		object["text"] = title
	}
	w.Put(reply, object)
}

func card(source map[string]any) map[string]any {
	c := map[string]any{"title": text(source, "title")}
	if subtitle := text(source, "description", "subtitle"); subtitle != "" {
		c["subtitle"] = subtitle
	}
	if image := text(source, "image"); image != "" {
		c["media"] = map[string]any{"type": "image", "url": image}
	}
	if label := text(source, "btnText"); label != "" {
		button := map[string]any{"type": "postback", "label": label, "value": label}
		if url := text(source, "url"); url != "" {
			button = map[string]any{"type": "url", "label": label, "url": url}
		}
		c["buttons"] = []any{button}
	}
	return c
}
