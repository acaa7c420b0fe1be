package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/mailer"
	"parley/internal/session"
	"parley/internal/transcript"
)

// What is given out of a thread and of a person, and what is erased.

// letterTime bounds the hand-over of a letter to the mail server.
const letterTime = 20 * time.Second

func recordRoutes() []route {
	const (
		thread = Base + "/threads/{thread_id}/transcript"
		person = Base + "/people/{client_id}"
	)
	return []route{
		{http.MethodGet, thread, desk.PermissionRead, nothing, showTranscript, nil},
		{http.MethodPost, thread + "/email", desk.PermissionAnswer, object, mailTranscript, nil},
		{http.MethodGet, person + "/export", desk.PermissionAdmin, nothing, exportPerson, nil},
		{http.MethodDelete, person, desk.PermissionAdmin, nothing, erasePerson, nil},
	}
}

// transcriptOf writes a thread down, with its name as the caller may see it.
func transcriptOf(c *call) (*transcript.Transcript, error) {
	t, err := named(c)
	if err != nil {
		return nil, err
	}
	page, err := transcript.Read(c.ctx, c.face.cfg.Core, t.in, t.id)
	if err != nil {
		return nil, err
	}
	row, err := c.face.cfg.Inbox.Row(c.ctx, t.id, c.masked())
	if err != nil {
		return nil, err
	}
	page.Client = row.Name
	return page, nil
}

// showTranscript downloads what was said, for people (text) or programs (json).
func showTranscript(c *call) (answer, error) {
	format := c.text("format")
	if format != "" && format != "json" && format != "text" {
		return answer{}, session.Invalid("format", "must be json or text")
	}
	page, err := transcriptOf(c)
	if err != nil {
		return answer{}, err
	}
	if format == "json" {
		raw, err := page.JSON()
		return answer{status: http.StatusOK, body: raw, header: download(page.Chain.String() + ".json")}, err
	}
	return answer{
		status: http.StatusOK, body: []byte(page.Text(nil)), kind: "text/plain; charset=utf-8", header: download(page.Chain.String() + ".txt"),
	}, nil
}

func download(name string) http.Header {
	return http.Header{"Content-Disposition": {`attachment; filename="` + name + `"`}}
}

// mailTranscript sends what was said to one address.
func mailTranscript(c *call) (answer, error) {
	var in struct {
		To string `json:"to"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	to, err := mail.ParseAddress(in.To)
	if err != nil {
		return answer{}, session.Invalid("to", "must be one mail address")
	}
	page, err := transcriptOf(c)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, letterTime)
	defer cancel()
	letter := &mailer.Message{To: []string{to.String()}, Subject: "Transcript", Content: page.Text(nil)}
	err = c.face.cfg.Letters.Send(ctx, letter, c.face.cfg.Now(), c.id.String())
	switch {
	case errors.Is(err, mailer.ErrNoServer):
		return answer{}, &session.Error{Code: session.CodeConflict, Message: err.Error()}
	case err != nil:
		c.face.cfg.Log.Warn("a transcript was not sent", "request_id", c.id.String(), "error", err.Error())
		return answer{}, session.Unavailable("the mail server did not take the letter")
	}
	// The log outlives the erasure of a person, whose address this may be.
	domain := to.Address[strings.LastIndexByte(to.Address, '@')+1:]
	if err := c.note("transcript_mailed", page.Chain.String(), "at "+domain); err != nil {
		return answer{}, err
	}
	return done()
}

// personOf finds the person of the path in the integration of the query.
func personOf(c *call) (*session.Integration, session.ID, error) {
	in, known := c.face.cfg.Directory.Integration(c.text("integration"))
	if !known {
		return nil, session.ID{}, session.Invalid("integration", "must be the id of an integration")
	}
	id, err := session.ParseID(c.r.PathValue("client_id"))
	if err != nil {
		return nil, id, gone("person")
	}
	_, err = c.face.cfg.Records.Find(c.ctx, in, session.PersonRef{Client: id})
	return in, id, err
}

// exportPerson gives everything known about a person as a ZIP archive.
func exportPerson(c *call) (answer, error) {
	_, id, err := personOf(c)
	if err != nil {
		return answer{}, err
	}
	var packed bytes.Buffer
	if err := c.face.cfg.Records.Export(c.ctx, id, &packed); err != nil {
		return answer{}, err
	}
	if err := c.note("person_exported", id.String(), ""); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, kind: "application/zip", body: packed.Bytes(), header: download(id.String() + ".zip")}, nil
}

// erasePerson deletes everything known about a person, and answers with the proof.
// The audit log names the proof, not the person.
func erasePerson(c *call) (answer, error) {
	in, id, err := personOf(c)
	if err != nil {
		return answer{}, err
	}
	proof, err := c.face.cfg.Records.Erase(c.ctx, in, id, c.caller.Agent.ID)
	if err != nil {
		return answer{}, err
	}
	if err := c.note("person_erased", proof.ID.String(), ""); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"erasure_id": proof.ID, "erased_at": proof.AtMs, "rows": proof.Rows, "backups_expire_at": proof.BackupsMs})
}
