package blob

import (
	"context"
	"slices"

	"parley/internal/session"
)

// Ours tells whether a URL is that of a file here, whatever its query.
func (f *Files) Ours(url string) bool {
	_, ok := f.named(url)
	return ok
}

// Resolve replaces attachments that name a file here, by its id or by one of
// its URLs, with what the file is; the file must be one of the chain. Others
// stay as they are where foreign ones are allowed. Refusals have
// CodeInvalidAttachment. The list that was passed in is not changed.
func (f *Files) Resolve(ctx context.Context, chain session.ID, list []session.Attachment, foreign bool) ([]session.Attachment, error) {
	list = slices.Clone(list)
	var used []session.ID
	for i := range list {
		a := &list[i]
		id, ok := f.named(a.URL)
		if !ok && a.URL == "" || !ok && !foreign && a.ID != "" {
			named, err := session.ParseID(a.ID)
			id, ok = named, err == nil
		}
		switch {
		case !ok && foreign && a.URL != "":
			continue
		case !ok || a.URL != "" && !f.Ours(a.URL):
			return nil, noUpload()
		}
		v, err := f.Find(ctx, chain, id)
		if session.CodeOf(err) == session.CodeFileNotFound {
			return nil, noUpload()
		}
		if err != nil {
			return nil, err
		}
		if v.State != StateUsed {
			used = append(used, v.ID)
		}
		f.describe(a, v)
	}
	if len(used) == 0 {
		return list, nil
	}
	// Marked before the message is accepted: one that is refused leaves a file
	// that is kept in vain, never a message whose file was swept.
	return list, f.cfg.Index.UseFiles(ctx, used)
}

func (f *Files) describe(a *session.Attachment, v *File) {
	a.ID, a.MimeType, a.Filename, a.URL = v.ID.String(), v.Type, v.Name, f.DownloadURL(v.ID)
	if a.Type != "file" {
		a.Type = KindOf(v.Type)
	}
}

func noUpload() error {
	return &session.Error{Code: session.CodeInvalidAttachment, Field: "input.attachments", Message: "must be a file that was uploaded to this session"}
}

// Present returns an input as it is shown now: the URLs of files here are
// signed anew, since those of a transcript have expired.
func (f *Files) Present(in session.Input) session.Input {
	in.Attachments = slices.Clone(in.Attachments)
	for i := range in.Attachments {
		if id, ok := f.named(in.Attachments[i].URL); ok {
			in.Attachments[i].URL = f.DownloadURL(id)
		}
	}
	return in
}
