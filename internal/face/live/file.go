package live

import (
	"parley/internal/blob"
	"parley/internal/session"
)

// upload serves session:file:upload:request: a place for one file of the
// session, and where it can be read after that.
func upload(c *call, r request) (any, error) {
	v, err := acting(c, r)
	if err != nil {
		return nil, err
	}
	req := blob.Request{Integration: c.in.ID, Chain: v.Chain.ID, Client: v.Client.ID}
	if req.Name, err = r.text("filename"); err != nil {
		return nil, err
	}
	if req.Type, err = r.text("content_type"); err == nil && req.Type == "" {
		req.Type, err = r.text("mime_type")
	}
	if err != nil {
		return nil, err
	}
	if req.Size, _, err = r.number("size"); err != nil {
		return nil, err
	}
	files := c.face.cfg.Files
	file, err := files.Reserve(c.ctx, req)
	if err != nil {
		return nil, err
	}
	out := uploadPayload{v.Session.ID.String(), file.ID.String(), files.UploadURL(file.ID), files.DownloadURL(file.ID)}
	return out, c.socket.Emit("session:file:upload:response", out)
}

type uploadPayload struct {
	SessionID string `json:"session_id"`
	FileID    string `json:"file_id"`
	Upload    string `json:"upload_url"`
	Download  string `json:"download_url"`
}

// acting returns the session that a request acts on, without opening one.
func acting(c *call, r request) (*session.View, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	if err := r.checkTimestamp(); err != nil {
		return nil, err
	}
	v, err := c.face.cfg.Core.Look(c.ctx, c.in, id)
	if err == nil && !v.Session.Handle() {
		err = errForeign
	}
	return v, err
}

// attachments replaces what a message names by what was uploaded to the session; others are
// refused (contract c.2).
func attachments(c *call, req *session.Incoming, r request) error {
	if err := req.Input.Check(); err != nil || len(req.Input.Attachments) == 0 {
		return err
	}
	v, err := c.face.cfg.Core.Look(c.ctx, c.in, req.Handle)
	if err != nil {
		return err
	}
	list, err := c.face.cfg.Files.Resolve(c.ctx, v.Chain.ID, req.Input.Attachments, false)
	if err != nil {
		return err
	}
	req.Input.Attachments = list
	input, _ := r.fields["input"].(map[string]any) // was read as an object
	input["attachments"] = list
	req.Raw = r.fields.JSON()
	return nil
}
