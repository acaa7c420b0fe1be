package sqlite

import (
	"fmt"
	"syscall"
)

// checkFileSystem refuses file systems on other machines: their locks and
// syncs do not keep what a write-ahead log needs. The numbers are those of
// statfs(2).
func checkFileSystem(dir string) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return err
	}
	switch uint32(fs.Type) {
	case 0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x0bd00bd0, 0x00c36400, 0x5346414f, 0x73757245:
		return fmt.Errorf("%s is on a network file system; the data directory must be on a local disk", dir)
	}
	return nil
}
