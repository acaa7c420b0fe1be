package rest

import (
	"net/http"
	"time"

	"parley/internal/blob"
	"parley/internal/session"
)

// uploadURL is contract a.11: a place for one file of the session. It opens no
// session.
func uploadURL(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	req := blob.Request{Name: body.text("filename"), Type: body.text("content_type"), Size: body.number("size")}
	for _, name := range []string{"filename", "content_type"} {
		if body.text(name) == "" {
			body.refuse(name, "is required")
		}
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	v, err := c.lookToOpen()
	if err != nil {
		return answer{}, err
	}
	req.Integration, req.Chain, req.Client = c.in.ID, v.Chain.ID, v.Client.ID
	file, err := c.face.cfg.Files.Reserve(c.ctx, req)
	if err != nil {
		return answer{}, err
	}
	url := c.face.cfg.Files.UploadURL(file.ID)
	return c.once(
		func(out *session.Result) answer {
			return answer{status: http.StatusOK, body: encode(fileRecord{c.id, out.Session.ID, file.ID, url, ""})}
		},
		func(repeat *session.Repeat) (*session.Result, error) {
			return session.Repeats{Core: c.core()}.Answer(c.ctx, c.in, c.session, repeat)
		})
}

type fileRecord struct {
	Request  session.ID `json:"request_id"`
	Session  session.ID `json:"session_id"`
	File     session.ID `json:"file_id"`
	Upload   string     `json:"upload_url,omitempty"`
	Download string     `json:"download_url,omitempty"`
}

// downloadURL is contract a.12.
func downloadURL(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	named := body.text("file_id")
	if named == "" {
		body.refuse("file_id", "is required")
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	v, err := c.lookToOpen()
	if err != nil {
		return answer{}, err
	}
	id, err := session.ParseID(named)
	if err != nil {
		return answer{}, noSuchFile()
	}
	if _, err := c.face.cfg.Files.Find(c.ctx, v.Chain.ID, id); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(fileRecord{c.id, v.Session.ID, id, "", c.face.cfg.Files.DownloadURL(id)})}, nil
}

func noSuchFile() error {
	return &session.Error{Code: session.CodeFileNotFound, Message: "no such file"}
}

// signed returns the file of a signed URL whose signature holds.
func signed(c *call, p blob.Purpose) (session.ID, error) {
	id, err := session.ParseID(c.r.PathValue("file_id"))
	if err != nil {
		return id, noSuchFile()
	}
	return id, c.face.cfg.Files.Check(p, id, c.r.URL.Query())
}

// putFile takes the bytes of a file at its upload URL, once.
func putFile(c *call) (answer, error) {
	id, err := signed(c, blob.Upload)
	if err != nil {
		return answer{}, err
	}
	file, err := c.face.cfg.Files.Receive(c.ctx, id, c.r.Header.Get("Content-Type"), c.r.ContentLength, c.body.Stream(session.UploadTime))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, header: anyOrigin(), body: encode(struct {
		Request session.ID `json:"request_id"`
		File    session.ID `json:"file_id"`
		Size    int64      `json:"size"`
	}{c.id, file.ID, file.Size})}, nil
}

// getFile gives the bytes of a file: always as an attachment, never as
// something that a browser would run.
func getFile(c *call) (answer, error) {
	id, err := signed(c, blob.Download)
	if err != nil {
		return answer{}, err
	}
	file, bytes, err := c.face.cfg.Files.Open(c.ctx, id)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, stream: func(w http.ResponseWriter) {
		defer bytes.Close()
		h := w.Header()
		h.Set("Content-Type", file.ServedType())
		h.Set("Content-Disposition", blob.Disposition(file.Name))
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cache-Control", "private, max-age=3000, immutable")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Etag", `"`+file.ID.String()+`"`)
		http.ServeContent(w, c.r, "", time.UnixMilli(file.CreatedMs), bytes)
	}}, nil
}

// filePreflight lets pages of any origin use a signed URL: who has it may.
func filePreflight(*call) (answer, error) {
	h := anyOrigin()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, PUT")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Range")
	h.Set("Access-Control-Max-Age", "600")
	return answer{status: http.StatusNoContent, header: h}, nil
}

func anyOrigin() http.Header { return http.Header{"Access-Control-Allow-Origin": {"*"}} }
