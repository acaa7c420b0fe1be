package rest

import (
	"net/url"

	"parley/internal/session"
)

// inputOf takes the input of contract a.4 and a.5: text, attachments or an
// event, at least one of them.
func inputOf(c *call, body *envelope) session.Input {
	if !body.has("input") {
		body.refuse("input", "is required")
		return session.Input{}
	}
	o := body.object("input")
	in := session.Input{Text: o.text("text")}
	for _, a := range o.objects("attachments") {
		in.Attachments = append(in.Attachments, attachmentOf(c, a))
	}
	if o.has("event") {
		in.Event = eventOf(o.object("event"))
	}
	if in.Empty() {
		body.refuse("input", "needs a text, an attachment or an event")
	}
	return in
}

// attachmentOf takes one attachment. Any https URL will do; only a file of
// ours, named by its id, may leave out the MIME type.
func attachmentOf(c *call, o *envelope) session.Attachment {
	a := session.Attachment{
		ID: o.text("id"), Type: o.text("type"), MimeType: o.text("mime_type"),
		URL: o.text("url"), Title: o.text("title"), Filename: o.text("filename"),
	}
	switch a.Type {
	case "audio", "image", "video", "file":
	default:
		o.refuse("type", "must be audio, image, video or file")
	}
	if a.ID == "" && a.URL == "" {
		o.refuse("url", "an attachment needs a url or an id")
	}
	if a.ID == "" && a.MimeType == "" && !c.face.cfg.Files.Ours(a.URL) {
		o.refuse("mime_type", "is required")
	}
	if u, err := url.Parse(a.URL); a.URL != "" && !c.face.cfg.Files.Ours(a.URL) && (err != nil || u.Scheme != "https" || u.Host == "") {
		o.refuse("url", "must be an https URL")
	}
	return a
}

// resolve replaces attachments that are files of ours with what they are, in
// the input and in the body that is kept. It comes before the core looks at
// the session, so it looks itself.
func resolve(c *call, in *session.Input, body *envelope) error {
	if err := in.Check(); err != nil || len(in.Attachments) == 0 {
		return err
	}
	v, err := c.lookToOpen()
	if err != nil {
		return err
	}
	list, err := c.face.cfg.Files.Resolve(c.ctx, v.Chain.ID, in.Attachments, true)
	if err != nil {
		return err
	}
	in.Attachments = list
	body.object("input").fields["attachments"] = list
	return nil
}

func eventOf(o *envelope) *session.InputEvent {
	ev := &session.InputEvent{Name: o.text("name")}
	if data := o.document("data"); data != nil {
		ev.Data = data.JSON()
	}
	return ev
}

// agentOf takes the agent of contract a.5.
func agentOf(body *envelope) session.Agent {
	o := body.object("agent")
	by := session.Agent{ID: o.text("agent_id"), Name: o.text("agent_name"), Avatar: o.text("agent_avatar")}
	if by.ID == "" {
		o.refuse("agent_id", "is required")
	}
	return by
}
