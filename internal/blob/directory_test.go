package blob_test

import (
	"testing"

	"parley/internal/blob"
	"parley/internal/blob/blobtest"
)

func TestDirectory(t *testing.T) {
	blobtest.Objects(t, func(t *testing.T) blob.Objects {
		d, err := blob.OpenDirectory(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, d.Close()) })
		return d
	})
}
