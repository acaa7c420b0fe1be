package wire

import "maps"

// Replies turns response objects back into replies. What [Writer] made comes
// back with the same meaning: buttons follow the text that carried them, and
// links that were put on cards are inline buttons again. A type it does not
// know goes through without its action_id.
func Replies(objects []Object) []Reply {
	replies := []Reply{}
	for _, object := range objects {
		for _, reply := range read(object) {
			if state := text(object, "state"); state != "" {
				reply["state"] = state
			}
			replies = append(replies, reply)
		}
	}
	return replies
}

func read(object Object) []Reply {
	kind := text(object, "type")
	switch kind {
	case "text":
		return readText(object)
	case "carousel":
		return []Reply{readCards(object)}
	case "handover":
		return []Reply{readHandover(object)}
	}
	if f, ok := formOfObject(kind); ok {
		return []Reply{f.read(object)}
	}
	return []Reply{without(object, "action_id")}
}

func without(object Object, names ...string) Reply {
	reply := maps.Clone(object)
	for _, name := range names {
		delete(reply, name)
	}
	return reply
}

// readText parts a text from its options. An empty text that only carried
// options is none.
func readText(object Object) []Reply {
	var buttons []any
	for _, option := range list(object, "options") {
		buttons = append(buttons, map[string]any{"text": text(option, "text", "label")})
	}
	var replies []Reply
	if len(buttons) == 0 || text(object, "text") != "" {
		replies = append(replies, without(object, "action_id", "options"))
	}
	if len(buttons) > 0 {
		replies = append(replies, Reply{"type": "buttons", "buttons": buttons})
	}
	return replies
}

func readCards(object Object) Reply {
	if links, ok := linksOf(object); ok {
		return Reply{"type": "inlineButtons", "buttons": links}
	}
	content := []any{}
	for _, c := range list(object, "cards") {
		content = append(content, readCard(c))
	}
	return Reply{"type": "carousel", "text": text(object, "text"), "content": content}
}

// linksOf returns the links of cards that hold nothing else: their titles
// repeat their first labels.
func linksOf(object Object) ([]any, bool) {
	if text(object, "text") != "" {
		return nil, false
	}
	var links []any
	for _, c := range list(object, "cards") {
		buttons := list(c, "buttons")
		if len(c) != 2 || len(buttons) == 0 || text(buttons[0], "label") != text(c, "title") {
			return nil, false
		}
		for _, b := range buttons {
			if text(b, "type") != "url" {
				return nil, false
			}
			links = append(links, map[string]any{"text": text(b, "label"), "url": text(b, "url")})
		}
	}
	return links, len(links) > 0
}

func readCard(c map[string]any) map[string]any {
	item := map[string]any{"title": text(c, "title")}
	if subtitle := text(c, "subtitle"); subtitle != "" {
		item["description"] = subtitle
	}
	if media, ok := c["media"].(map[string]any); ok && text(media, "url") != "" {
		item["image"] = text(media, "url")
	}
	if buttons := list(c, "buttons"); len(buttons) > 0 {
		item["btnText"] = text(buttons[0], "label", "value")
		if url := text(buttons[0], "url"); url != "" {
			item["url"] = url
		}
	}
	return item
}

// readHandover is the reply switch that gave the dialog to people.
func readHandover(object Object) Reply {
	reply := Reply{"type": "switch"}
	if name := text(object, "name"); name != "" {
		reply["destination"] = name
	}
	if options := list(object, "options"); len(options) > 0 {
		reply["appendCloseChatButton"] = true
		reply["closeChatPhrases"] = []any{text(options[0], "text", "label")}
	}
	return reply
}
