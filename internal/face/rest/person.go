package rest

import (
	"bytes"
	"net/http"

	"parley/internal/session"
)

// person names whom a call is about: exactly one of client_id, channel_user_id and
// session_id.
func (q query) person() (session.PersonRef, error) {
	var ref session.PersonRef
	given := 0
	for _, name := range []string{"client_id", "channel_user_id", "session_id"} {
		text := q.text(name)
		if text == "" {
			continue
		}
		given++
		if name == "channel_user_id" {
			ref.ChannelUserID = text
			continue
		}
		id, err := session.ParseID(text)
		if err != nil {
			return ref, session.Invalid(name, "is not an id")
		}
		if name == "client_id" {
			ref.Client = id
		} else {
			ref.Session = id
		}
	}
	if given != 1 {
		return ref, session.Invalid("client_id", "give exactly one of client_id, channel_user_id and session_id")
	}
	return ref, nil
}

func personOf(c *call) (*session.Client, error) {
	ref, err := c.query().person()
	if err != nil {
		return nil, err
	}
	return c.face.cfg.People.Find(c.ctx, c.in, ref)
}

// findPerson tells the client id of a person.
func findPerson(c *call) (answer, error) {
	found, err := personOf(c)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(struct {
		Request string     `json:"request_id"`
		Client  session.ID `json:"client_id"`
		User    string     `json:"user_id"`
	}{c.id.String(), found.ID, found.UserID})}, nil
}

// exportPerson gives everything known about a person as a ZIP archive.
func exportPerson(c *call) (answer, error) {
	found, err := personOf(c)
	if err != nil {
		return answer{}, err
	}
	var packed bytes.Buffer
	if err := c.face.cfg.People.Export(c.ctx, found.ID, &packed); err != nil {
		return answer{}, err
	}
	return answer{
		status: http.StatusOK, kind: "application/zip", body: packed.Bytes(),
		header: http.Header{"Content-Disposition": {`attachment; filename="` + found.ID.String() + `.zip"`}},
	}, nil
}

type erasureRecord struct {
	ID      session.ID       `json:"erasure_id"`
	At      int64            `json:"erased_at"`
	By      string           `json:"by"`
	Rows    map[string]int64 `json:"rows"`
	Backups int64            `json:"backups_expire_at,omitempty"`
}

func erasure(e *session.Erasure) erasureRecord {
	return erasureRecord{e.ID, e.AtMs, e.By, e.Rows, e.BackupsMs}
}

// erasePerson deletes everything known about a person, and answers with the proof.
func erasePerson(c *call) (answer, error) {
	found, err := personOf(c)
	if err != nil {
		return answer{}, err
	}
	proof, err := c.face.cfg.People.Erase(c.ctx, c.in, found.ID, "api")
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(struct {
		Request string `json:"request_id"`
		erasureRecord
	}{c.id.String(), erasure(proof)})}, nil
}

// listErasures lists the proofs, newest first.
func listErasures(c *call) (answer, error) {
	q := c.query()
	limit, err := q.number("limit", defaultPage, 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	var before session.ID
	if text := q.text("cursor"); text != "" {
		if before, err = session.ParseID(text); err != nil {
			return answer{}, session.Invalid("cursor", "is not a next_cursor of this list")
		}
	}
	found, err := c.face.cfg.People.Erasures(c.ctx, c.in, before, int(limit)+1)
	if err != nil {
		return answer{}, err
	}
	page := struct {
		Request  string          `json:"request_id"`
		Erasures []erasureRecord `json:"erasures"`
		Next     *string         `json:"next_cursor"`
	}{Request: c.id.String(), Erasures: []erasureRecord{}}
	for _, e := range found[:min(int(limit), len(found))] {
		page.Erasures = append(page.Erasures, erasure(e))
	}
	if len(found) > int(limit) {
		last := found[limit-1].ID.String()
		page.Next = &last
	}
	return answer{status: http.StatusOK, body: encode(page)}, nil
}
