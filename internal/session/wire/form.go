package wire

import "slices"

// form ties the fields of a reply to those of its response object. Both
// directions read this table, so that they cannot drift.
type form struct {
	reply  []string // types of the reply; the first is the one written
	object string   // type of the response object
	url    []string // fields of the reply that may hold its url; the first is written
	name   []string // the same of its name
}

// forms are the replies that hold one file.
func forms() []form {
	return []form{
		{[]string{"image"}, "image", []string{"imageUrl", "url"}, []string{"text", "name"}},
		{[]string{"audio"}, "audio", []string{"audioUrl", "url"}, []string{"audioName", "name"}},
		{[]string{"video"}, "video", []string{"videoUrl", "url"}, []string{"videoName", "name"}},
		{[]string{"file", "document"}, "file", []string{"fileUrl", "url"}, []string{"fileName", "name"}},
	}
}

// formOfReply finds the form of a reply by its type.
func formOfReply(kind string) (form, bool) {
	for _, f := range forms() {
		if slices.Contains(f.reply, kind) {
			return f, true
		}
	}
	return form{}, false
}

// formOfObject finds the form of a response object by its type.
func formOfObject(kind string) (form, bool) {
	for _, f := range forms() {
		if f.object == kind {
			return f, true
		}
	}
	return form{}, false
}

func (f form) write(reply Reply) Object {
	object := Object{"type": f.object, "url": text(reply, f.url...)}
	if name := text(reply, f.name...); name != "" {
		object["name"] = name
	}
	if size, ok := reply["size"].(float64); ok {
		object["size"] = size
	}
	return object
}

func (f form) read(object Object) Reply {
	reply := Reply{"type": f.reply[0], f.url[0]: text(object, "url")}
	if name := text(object, "name"); name != "" {
		reply[f.name[0]] = name
	}
	if size, ok := object["size"]; ok {
		reply["size"] = size
	}
	return reply
}

// text is the first of some fields that holds a text.
func text(m map[string]any, names ...string) string {
	for _, name := range names {
		if text, ok := m[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}

// list is a field that holds objects.
func list(m map[string]any, name string) []map[string]any {
	items, _ := m[name].([]any)
	var out []map[string]any
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}
