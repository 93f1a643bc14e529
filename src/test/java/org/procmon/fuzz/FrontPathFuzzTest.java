package org.procmon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.http.HttpAnswer;

/** Paths that try to leave the folder of static files, in every way that a server might misread. */
class FrontPathFuzzTest {
    private static final String SECRET = "se7cret-0f-this-machine";
    private static final int PATHS_OF_AN_INPUT = 10;

    /** What is joined to a path; the names are those of files and folders that exist. */
    private static final String[] PARTS = {
        "/",
        "//",
        "/./",
        "/../",
        "..",
        ".",
        "...",
        "\\",
        "%5c",
        "%5C",
        "%2f",
        "%2F",
        "%2e",
        "%2E",
        "%2e%2e",
        ".%2e",
        "%2e.",
        "%252e%252e",
        "%252f",
        "%c0%af",
        "%c0%ae",
        "%e0%80%af",
        "%f0%80%80%af",
        "%c1%9c",
        "%ef%bc%8f",
        "%u002e",
        "%uff0e",
        "%00",
        "%0a",
        "%0d",
        "%09",
        "%20",
        " ",
        ";",
        ";x=1",
        "..;",
        ";/",
        "%3b",
        "?",
        "#",
        "%23",
        "%3f",
        "%",
        "%2",
        "%zz",
        "~",
        "*",
        ":",
        "file:",
        "secret",
        "secret%00.txt",
        "folder",
        "www",
        "a.txt",
        "sub",
        "in",
        "out",
        "link",
        ".hidden",
        ".git",
        "%2ehidden",
        "config",
        "sub/b.txt",
        ".well-known",
        "proc/self/root",
        "etc",
        "\u00e9",
        "%c3%a9",
        "%e9",
        "\u007f",
        "|",
        "http://x",
        "@"
    };

    @TempDir Path folder;

    private String path(Random random) {
        StringBuilder path = new StringBuilder(random.nextInt(30) == 0 ? "" : "/");
        int parts = 1 + random.nextInt(9);
        for (int i = 0; i < parts; i++) {
            path.append(PARTS[random.nextInt(PARTS.length)]);
            if (random.nextInt(3) == 0) {
                path.append('/');
            }
        }
        if (random.nextInt(10) == 0) {
            path.append(folder).append("/secret");
        }
        int at = random.nextInt(path.length() + 1);
        if (random.nextInt(10) == 0) {
            path.insert(at, "%%%02x".formatted(random.nextInt(256)));
        }
        return path.toString();
    }

    private void makeFiles(Path www) throws Exception {
        Files.writeString(folder.resolve("secret"), SECRET);
        Files.createDirectory(folder.resolve("folder"));
        Files.writeString(folder.resolve("folder/secret"), SECRET);
        Files.createDirectories(www.resolve("sub"));
        Files.createDirectories(www.resolve(".git"));
        Files.createDirectories(www.resolve(".well-known/.git"));
        Files.writeString(www.resolve("a.txt"), "a");
        Files.writeString(www.resolve("sub/b.txt"), "b");
        for (String hidden :
                new String[] {
                    ".hidden", "sub/.hidden", ".git/config", ".well-known/.git/config", ".secret"
                }) {
            Files.writeString(www.resolve(hidden), SECRET);
        }
        Files.createSymbolicLink(www.resolve("in"), Path.of("sub"));
        Files.createSymbolicLink(www.resolve("out"), folder);
        Files.createSymbolicLink(www.resolve("sub/out"), Path.of("../.."));
        Files.createSymbolicLink(www.resolve("link"), folder.resolve("secret"));
    }

    @Test
    void noByteOfAFileElsewhereOrOfAHiddenOneIsServed() throws Exception {
        Path www = Files.createDirectory(folder.resolve("www"));
        makeFiles(www);
        int[] served = new int[1];
        try (FuzzedFront server =
                        new FuzzedFront(
                                "{'routes': [{'files': {'directory': '%s', 'listing': true}}]}"
                                        .formatted(www),
                                folder.resolve("http.json"),
                                (_, response) -> HttpAnswer.text("").send(response, true));
                FuzzedFront.Client client = new FuzzedFront.Client(server)) {
            FuzzRun.run(random -> {
                for (int i = 0; i < PATHS_OF_AN_INPUT; i++) {
                    String path = path(random);
                    String answer = client.ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(answer)
                            .as(path)
                            .doesNotContain(SECRET)
                            .matches("(?s)HTTP/1.1 (200|302|400|404|505) .*");
                    served[0] += answer.startsWith("HTTP/1.1 200") ? 1 : 0;
                }
            });
            assertThat(server.bugs()).isEmpty();
        }
        // Else nothing would be shown.
        assertThat(served[0]).isPositive();
    }
}
