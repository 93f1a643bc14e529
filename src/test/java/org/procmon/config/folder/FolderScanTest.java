package org.procmon.config.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.bytes.BytePath;

class FolderScanTest {
    @TempDir Path temporary;
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("apps"));
    }

    private Path program(String name) throws IOException {
        return program(name, "rwxr-xr-x");
    }

    private Path program(String name, String mode) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private FolderListing scan() {
        return FolderScan.of(query(true, 100), FolderScan.UNKNOWN);
    }

    private FolderQuery query(boolean isRecursive, int most) {
        return new FolderQuery(folder, FolderQuery.Kind.EXECUTABLE, "*.fcgi", isRecursive, most);
    }

    private static List<String> names(FolderListing listing) {
        return listing.entries().stream().map(FolderEntry::relative).toList();
    }

    private String reason(Path file) {
        assertThat(names(scan())).doesNotContain(BytePath.text(folder.relativize(file)));
        return scan().unused().stream()
                .filter(one -> one.path().equals(BytePath.text(file)))
                .map(UnusedEntry::reason)
                .findFirst()
                .orElse("");
    }

    @Test
    void executablesThatMatchAreFoundInTheOrderOfTheirPaths() throws IOException {
        program("b.fcgi");
        program("a.fcgi");
        program("deep/er/a.fcgi");
        program("other.sh");
        assertThat(names(scan())).containsExactly("a.fcgi", "b.fcgi", "deep/er/a.fcgi");
        assertThat(scan().unused()).isEmpty();
        assertThat(names(FolderScan.of(query(false, 100), FolderScan.UNKNOWN)))
                .containsExactly("a.fcgi", "b.fcgi");
    }

    @Test
    void whatCannotBeRunIsToldWithTheReason() throws IOException {
        assertThat(reason(program("plain.fcgi", "rw-r--r--"))).isEqualTo("it is not executable");
        assertThat(reason(program("open.fcgi", "rwxrwxrwx"))).isEqualTo("everyone can write it");
        assertThat(reason(program(".hidden.fcgi"))).isEqualTo("its name starts with a dot");
        Path outside = Files.createSymbolicLink(folder.resolve("out.fcgi"), Path.of("/bin/sh"));
        assertThat(reason(outside)).isEqualTo("it links to a file outside the folder");
        Path dangling = Files.createSymbolicLink(folder.resolve("no.fcgi"), folder.resolve("x"));
        assertThat(reason(dangling)).isEqualTo("it links to a file that does not exist");
        assertThat(scan().entries()).isEmpty();
    }

    @Test
    void aFolderThatStrangersCanWriteHoldsNoPrograms() throws IOException {
        program("in/a.fcgi");
        Path in = folder.resolve("in");
        Files.setPosixFilePermissions(in, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(scan().entries()).isEmpty();
        assertThat(reason(in)).isEqualTo("everyone can write into the folder");
        Files.setPosixFilePermissions(in, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(scan().entries()).isEmpty();
        assertThat(reason(folder)).isEqualTo("everyone can write into the folder");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(names(scan())).containsExactly("in/a.fcgi");
        Path above = temporary.toRealPath();
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(reason(folder)).isEqualTo("everyone can rename what is in " + above);
    }

    @Test
    void aFolderThatIsMissingOrAFileIsToldAndIsNoError() throws IOException {
        Files.delete(folder);
        assertThat(reason(folder)).isEqualTo("there is no such file or folder");
        Files.createFile(folder);
        assertThat(reason(folder)).isEqualTo("it is not a folder");
    }

    @Test
    void theVersionFollowsTheFileTheOneItLinksToAndItsVariables() throws IOException {
        Path file = program("real-1");
        Path link = Files.createSymbolicLink(folder.resolve("a.fcgi"), file);
        String first = version();
        assertThat(scan().entries().getFirst().targets()).containsExactly(file.toString());
        assertThat(version()).isEqualTo(first);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        String touched = version();
        assertThat(touched).isNotEqualTo(first);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        String moded = version();
        assertThat(moded).isNotEqualTo(touched);
        Files.delete(link);
        Files.createSymbolicLink(link, program("real-2"));
        String other = version();
        assertThat(other).isNotEqualTo(moded);
        Files.writeString(folder.resolve("a.fcgi.env"), "A=1\n");
        assertThat(version()).isNotEqualTo(other);
    }

    private String version() {
        assertThat(names(scan())).containsExactly("a.fcgi");
        return scan().entries().getFirst().version();
    }

    @Test
    void namesMayBeAnyText() throws IOException {
        program("with blank.fcgi");
        program("quote'\".fcgi");
        program("new\nline.fcgi");
        program("100%.fcgi");
        program("äöü.fcgi");
        assertThat(names(scan()))
                .containsExactlyInAnyOrder(
                        "with blank.fcgi",
                        "quote'\".fcgi",
                        "new\nline.fcgi",
                        "100%.fcgi",
                        "äöü.fcgi");
        Path bytes = BytePath.of(folder + "/" + "bad\udcff.fcgi");
        Files.copy(folder.resolve("100%.fcgi"), bytes);
        assertThat(reason(bytes)).isEqualTo("its name is not UTF-8");
    }

    @Test
    void noMoreThanTheMostAreUsed() throws IOException {
        program("a.fcgi");
        program("b.fcgi");
        FolderListing listing = FolderScan.of(query(true, 1), FolderScan.UNKNOWN);
        assertThat(names(listing)).containsExactly("a.fcgi");
        assertThat(listing.unused())
                .containsExactly(
                        new UnusedEntry(
                                folder + "/b.fcgi",
                                "there are 1 others, and 'max_apps' allows no more; raise it"));
    }

    @Test
    void whatIsInUseIsNotPushedOutByWhatComes() throws IOException {
        program("b.fcgi");
        program("d.fcgi");
        FolderListing before = FolderScan.of(query(true, 2), FolderScan.UNKNOWN);
        program("a.fcgi");
        program("c.fcgi");
        FolderListing after = FolderScan.of(query(true, 2), FolderScan.UNKNOWN, before);
        assertThat(names(after)).containsExactly("b.fcgi", "d.fcgi");
        assertThat(after.unused())
                .extracting(UnusedEntry::path)
                .containsExactly(folder + "/a.fcgi", folder + "/c.fcgi");
        Files.delete(folder.resolve("d.fcgi"));
        assertThat(names(FolderScan.of(query(true, 2), FolderScan.UNKNOWN, after)))
                .containsExactly("a.fcgi", "b.fcgi");
    }

    @Test
    void subfoldersAreEntriesOfTheirOwn() throws IOException {
        Files.createDirectories(folder.resolve("alice/inner"));
        Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("bob"), folder.resolve("alice"));
        FolderListing listing =
                FolderScan.of(
                        new FolderQuery(folder, FolderQuery.Kind.FOLDER, "*", false, 9),
                        FolderScan.UNKNOWN);
        assertThat(names(listing)).containsExactly("alice", "bob");
        assertThat(listing.entries().getFirst().version()).isEmpty();
    }

    @Test
    void aHiddenSocketIsNoProgramThatSomebodyMisses() throws IOException {
        program(".draft.fcgi");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve(".a.fcgi")));
            assertThat(FolderScan.of(query(true, 9), FolderScan.UNKNOWN).unused())
                    .extracting(UnusedEntry::path)
                    .containsExactly(folder + "/.draft.fcgi");
        }
    }
}
