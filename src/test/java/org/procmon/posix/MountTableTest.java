package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.MountTable.Mount;

class MountTableTest {
    @TempDir Path folder = Path.of("");

    @Test
    void theKernelsTableIsRead() {
        assertThat(MountTable.open().mounts()).contains(new Mount("/proc", "proc"));
    }

    @Test
    void aLineHasAPlaceAndAType() {
        assertThat(
                        MountTable.mounts(
                                """
                                27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
                                43 27 0:39 /export /a\\040b\\134\\303\\244 rw master:1 shared:2 - nfs4 host:/x rw
                                nothing of the kind
                                """))
                .containsExactly(new Mount("/", "ext4"), new Mount("/a b\\ä", "nfs4"));
    }

    @Test
    void itIsReadAgainWhenSomethingIsMounted() throws Exception {
        MountTable table = MountTable.open();
        List<Mount> before = table.mounts();
        assertThat(table.mounts()).isSameAs(before);
        must("mount", "-t", "tmpfs", "none", folder.toString());
        try {
            assertThat(table.mounts()).contains(new Mount(folder.toString(), "tmpfs"));
            assertThat(table.mounts()).isSameAs(table.mounts());
        } finally {
            must("umount", folder.toString());
        }
        assertThat(table.mounts()).isEqualTo(before);
    }

    private static void must(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
