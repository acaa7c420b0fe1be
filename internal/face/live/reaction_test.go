package live_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/session"
)

const picture = "\x89PNG\r\n\x1a\n-a picture-"

// upload takes a file all the way: the place over the socket, the bytes over
// HTTP.
func (c *client) upload(h *house, id, name string) object {
	c.t.Helper()
	place := c.call("session:file:upload:request", stamped(id, object{"filename": name, "content_type": "image/png", "size": len(picture)}))
	h.equal("the event", c.want("session:file:upload:response"), place)
	file, err := session.ParseID(fmt.Sprint(place["file_id"]))
	if err != nil {
		c.t.Fatal(err)
	}
	c.allowed(h, place["upload_url"], blob.Upload, file)
	if _, err := h.blobs.Receive(c.t.Context(), file, "image/png", int64(len(picture)), strings.NewReader(picture)); err != nil {
		c.t.Fatal(err)
	}
	return place
}

// allowed checks a signed URL. That it is served over HTTP is tested in the
// REST face, which has the route.
func (c *client) allowed(h *house, link any, p blob.Purpose, file session.ID) {
	c.t.Helper()
	u, err := url.Parse(fmt.Sprint(link))
	if err == nil {
		err = h.blobs.Check(p, file, u.Query())
	}
	if err != nil || !strings.HasPrefix(u.Path, "/v1/files/"+file.String()) {
		c.t.Errorf("%v: %v", link, err)
	}
}

func attached(link any, more object) object {
	a := object{"type": "image", "mime_type": "image/png", "url": link}
	maps.Copy(a, more)
	return object{"input": object{"text": "look", "attachments": []any{a}}}
}

func TestAcceptance31_AttachmentsAreUploads(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c, other := d.connect(h, form{lib: "4"}), d.connect(h, form{lib: "3"})
	id, _ := c.create(nil)["session_id"].(string)
	stranger, _ := other.create(nil)["session_id"].(string)
	second := d.connect(h, form{lib: "4"})
	second.emit("session:reconnect", stamped(id, nil))
	second.want("session:reconnected")
	place := c.upload(h, id, "фото.png")
	link, _ := place["upload_url"].(string)
	bare, _, _ := strings.Cut(link, "?")
	for what, a := range map[string]object{
		"as documented, with a title": attached(link, object{"title": "My picture"}), "without the query": attached(bare, nil),
		"the download URL": attached(place["download_url"], nil), "by its id": attached("", object{"id": place["file_id"]}),
	} {
		ack := c.call("message:send", stamped(id, a))
		if ack["message_id"] == nil {
			t.Errorf("%s: %v", what, ack)
		}
		c.want("message:brain_received")
		got := second.want("message:user")
		second.want("message:brain_received")
		list, _ := at(got, "input", "attachments").([]any)
		h.equal(what+": file", at(list[0], "id"), place["file_id"])
		h.equal(what+": name", at(list[0], "filename"), "фото.png")
		file, _ := session.ParseID(fmt.Sprint(place["file_id"]))
		c.allowed(h, at(list[0], "url"), blob.Download, file)
	}
	for what, a := range map[string]object{
		"foreign URL": attached("https://elsewhere.example/a.png", nil), "none": attached("", nil),
		"foreign URL with our id": attached("https://elsewhere.example/a.png?"+link, nil),
	} {
		c.emit("message:send", stamped(id, a))
		h.equal("31 "+what, c.want("message:send:error")["error_code"], "invalid_attachment")
	}
	other.emit("message:send", stamped(stranger, attached(link, nil)))
	h.equal("another session's file", other.want("message:send:error")["error_code"], "invalid_attachment")
	for _, bad := range []object{
		{"filename": "a/b.png", "content_type": "image/png"}, {"filename": "a.png"}, {"filename": "a.png", "content_type": "image/png", "size": session.MaxFileBytes + 1},
	} {
		c.emit("session:file:upload:request", stamped(id, bad))
		if code := c.want("session:file:upload:error")["error_code"]; code != "invalid_payload" && code != "payload_too_large" {
			t.Errorf("%v: %v", bad, code)
		}
	}
}

func TestAcceptance33_TypingBothWays(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t, func(s *session.Settings) { s.WebhookURL = "https://hook.example/" }), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	named, _ := c.create(nil)["session_id"].(string)
	v := h.look(named)
	heard := make(chan session.Typing, 4)
	f := h.core.Follow(v.Chain.ID, v.Chain.Sequence, func(*session.Event) bool { return true }).Hear(func(t *session.Typing) { heard <- *t })
	defer f.Close()
	for _, action := range []string{"start", "stop"} {
		c.emit("message:compose", stamped(named, object{"action": action, "text": "How mu"}))
		select {
		case got := <-heard:
			h.equal("33 desk sees", []any{got.Action, got.Text, got.By == nil}, []any{action, "How mu", true})
		case <-time.After(patience):
			t.Fatal("the desk was not told")
		}
	}
	ann := session.Agent{ID: "ann", Name: "Ann"}
	for _, action := range []string{"start", "stop"} {
		err := session.Reactions{Core: h.core}.Compose(t.Context(), h.in, v.Session.ID, session.Typing{Action: action, By: &ann})
		if err != nil {
			t.Fatal(err)
		}
		got := c.want("message:compose") // and nothing before it: the client's own typing has no answer
		h.equal("action", got["action"], action)
		h.equal("agent", got["agent_name"], "Ann")
		<-heard
	}
	due, err := h.store.Outbox().Claim(t.Context(), h.now().Add(time.Hour).UnixMilli(), 1, 10)
	if err != nil || len(due) != 1 || due[0].Kind != "message:compose" {
		t.Fatalf("webhooks %v, %v", due, err)
	}
	var body map[string]any
	if err := json.Unmarshal(due[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	h.equal("webhook", []any{body["action"], body["author"], at(body["agent"], "agent_id"), body["sequence"]}, []any{"start", "agent", "ann", nil})
	h.equal("nothing is stored", h.look(named).Chain.Sequence, v.Chain.Sequence)
}

// Receipts and ratings of a visitor reach the room once and are kept.
func TestReceiptsAndRatings(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	c.emit("message:send", stamped(id, object{"input": object{"text": "hello"}}))
	said := c.want("message:brain_received")
	message, _ := said["message_id"].(string)
	h.equal("ack", c.call("message:delivered", stamped(id, nil))["session_id"], id)
	h.equal("delivered", at(c.want("message:delivered"), "message_ids"), []any{message})
	c.emit("message:read", stamped(id, object{"message_ids": []any{message, "unknown"}}))
	h.equal("read", at(c.want("message:read"), "message_ids"), []any{message})
	before := h.look(id).Chain.Sequence
	for _, again := range []object{{"message_ids": []any{message}}, nil} { // of a client that did not hear the answer
		h.equal("acknowledged again", c.call("message:read", stamped(id, again))["session_id"], id)
	}
	h.equal("nothing new is stored", h.look(id).Chain.Sequence, before)
	c.call("message:delivered", stamped(id, object{"message_ids": []any{"unknown"}}))
	marks := h.look(id).Chain.Marks
	h.equal("marks", []any{marks.Read, marks.Delivered, marks.Seen}, []any{said["sequence"], said["sequence"], 0})

	c.emit("message:rate", stamped(id, object{"action_id": "a", "rating": -1}))
	h.equal("by action", c.want("message:rated")["message_id"], message)
	c.call("message:rate", stamped(id, object{"message_id": message, "rating": 1}))
	h.equal("changed", c.want("message:rated")["rating"], 1)
	c.call("message:rate", stamped(id, object{"message_id": message, "rating": 1}))
	for _, bad := range []object{{"rating": 1}, {"rating": 2, "message_id": message}, {"rating": 1, "message_id": id}, {"rating": 1, "action_id": "zz"}} {
		c.emit("message:rate", stamped(id, bad))
		h.equal("refused", c.want("message:rate:error")["error_code"], "invalid_payload")
	}
	c.emit("conversation:rate", stamped(id, object{"rating": 0}))
	h.equal("refused", c.want("conversation:rate:error")["error_code"], "invalid_payload")
	c.emit("conversation:rate", stamped(id, object{"rating": 5, "feedback": "quick"}))
	h.equal("score", c.want("conversation:rated")["rating"], 5)
	talk := h.look(id).Conversation
	h.equal("kept", []any{talk.Rating, talk.Feedback}, []any{5, "quick"})

	ann := session.Agent{ID: "ann", Name: "Ann"}
	_, err := session.Reactions{Core: h.core}.Receive(t.Context(), h.in, h.look(id).Session.ID, session.Receipt{Kind: session.ReceiptRead, By: &ann})
	if err != nil {
		t.Fatal(err)
	}
	h.equal("the desk read it", c.want("message:read")["agent_id"], "ann")
}
