package rest

import (
	"parley/internal/face/intake"
	"parley/internal/session"
)

// mediaPatch is the other form of an update: RFC 7396.
const mediaPatch = intake.MergePatch

// body is what a request carries.
type body struct{ intake.Body }

// envelope reads the body as an object around the payload. Unknown fields are
// ignored; an absent body is an empty object.
func (b *body) envelope() (*envelope, error) {
	if len(b.Bytes) == 0 {
		return &envelope{fault: new(error)}, nil
	}
	if _, err := b.Media(intake.JSON); err != nil {
		return nil, err
	}
	fields, err := session.ParseEnvelope(b.Bytes)
	return &envelope{fields: fields, fault: new(error)}, err
}
