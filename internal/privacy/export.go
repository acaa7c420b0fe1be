package privacy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"time"

	"parley/internal/blob"
	"parley/internal/session"
)

// Export writes a ZIP archive with everything known about a person: person.json
// with every row by table, and the files under files/.
func (k *Keeper) Export(ctx context.Context, client session.ID, w io.Writer) error {
	out := zip.NewWriter(w)
	at := k.cfg.Now()
	page, err := out.CreateHeader(&zip.FileHeader{Name: "person.json", Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	if err := k.rows(ctx, client, at, page); err != nil {
		return err
	}
	files, err := k.files(ctx, client)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := k.pack(ctx, out, f, at); err != nil {
			return err
		}
	}
	return out.Close()
}

// rows writes person.json: all rows by table.
func (k *Keeper) rows(ctx context.Context, client session.ID, at time.Time, w io.Writer) error {
	page := struct {
		At     int64                        `json:"exported_at"`
		Client session.ID                   `json:"client_id"`
		Tables map[string][]json.RawMessage `json:"tables"`
	}{at.UnixMilli(), client, map[string][]json.RawMessage{}}
	err := k.cfg.Archive.Export(ctx, client, func(table string, row json.RawMessage) error {
		page.Tables[table] = append(page.Tables[table], row)
		return nil
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(page)
}

// pack adds a file. Its id comes first, so that two of one name stand beside each
// other, and what the name holds cannot lead out of the folder.
func (k *Keeper) pack(ctx context.Context, out *zip.Writer, f *blob.File, at time.Time) error {
	content, err := k.cfg.Objects.Open(ctx, f.Object)
	if err != nil {
		return err
	}
	defer content.Close()
	w, err := out.CreateHeader(&zip.FileHeader{Name: "files/" + f.ID.String() + "-" + safeName(f.Name), Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}

// safeName replaces what could lead out of the folder.
func safeName(name string) string {
	out := []rune(name)
	for i, r := range out {
		if r < ' ' || r == '/' || r == '\\' || r == ':' {
			out[i] = '_'
		}
	}
	return string(out)
}
