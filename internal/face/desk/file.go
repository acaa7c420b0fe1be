package desk

import (
	"net/http"
	"net/url"

	"parley/internal/blob"
	"parley/internal/session"
)

// uploadFile gives the place for a file that a message of the thread will name.
func uploadFile(c *call) (answer, error) {
	var in struct {
		Name string `json:"filename"`
		Type string `json:"content_type"`
		Size int64  `json:"size"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	file, err := c.face.cfg.Files.Reserve(c.ctx, blob.Request{
		Integration: t.in.ID, Chain: t.view.Chain.ID, Client: t.view.Client.ID, Name: in.Name, Type: in.Type, Size: in.Size,
	})
	if err != nil {
		return answer{}, err
	}
	return created(struct {
		ID       string `json:"file_id"`
		Upload   string `json:"upload_url"`
		Download string `json:"download_url"`
	}{file.ID.String(), c.face.cfg.Files.UploadURL(file.ID), c.face.cfg.Files.DownloadURL(file.ID)})
}

// downloadFile goes to where a file of a thread can be read for a while.
func downloadFile(c *call) (answer, error) {
	id, err := session.ParseID(c.r.PathValue("file_id"))
	if err != nil {
		return answer{}, gone("file")
	}
	file, bytes, err := c.face.cfg.Files.Open(c.ctx, id)
	if err != nil {
		return answer{}, err
	}
	_ = bytes.Close() // only read from
	if in, known := c.face.cfg.Directory.Integration(file.Integration); !known || !in.Settings.Desk {
		return answer{}, gone("file")
	}
	to, err := url.Parse(c.face.cfg.Files.DownloadURL(id))
	if err != nil {
		return answer{}, err
	}
	// Without the host: a server has more names than one, and the desk may load nothing from another.
	return answer{status: http.StatusFound, header: http.Header{"Location": {to.RequestURI()}}}, nil
}
