package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.journal.Samples.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.supervise.port.JournalEntry;

/** Whatever is not a record that a monitor wrote is set aside with one line, and never believed. */
class BadRecordsTest {
    @TempDir Path state = Path.of("");
    private TestJournal test = new TestJournal(state);
    private String good = "";

    @BeforeEach
    void keepAGoodOne() throws IOException {
        test = new TestJournal(state);
        JournalFolder journal = test.open();
        journal.keep(running("good"));
        journal.keep(running("bad"));
        good = Files.readString(test.record("bad"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"format\":5      | \"format\":2         | its format is 2, not 5",
                "\"format\":5      | \"format\":\"3\"     | its 'format' is not what a monitor writes",
                "\"format\"        | \"Format\"           | 'format' is not where a monitor writes it",
                "\"boot\":\"       | \"boots\":\"         | 'boot' is not where a monitor writes it",
                "\"wall_ms\":      | \"wall_ms\":-        | its 'wall_ms' is not what a monitor writes",
                "\"name\":\"bad\"  | \"name\":\"good\"    | it is the record of another process",
                "\"argv\":[\"sleep\",\"1000\"] | \"argv\":[] | its 'argv' is not what a monitor writes",
                "\"1000\"]         | 1000]                | its 'a string' is not what a monitor writes",
                "\"TERM\"          | \"TREM\"             | its 'signal' is not what a monitor writes",
                "\"patience\":1    | \"patience\":-1      | its 'patience' is not what a monitor writes",
                "\"goal\":\"UP\"   | \"goal\":\"AWAY\"    | its 'goal' is not what a monitor writes",
                "\"goal\":\"UP\"   | \"goal\":true        | its 'goal' is not what a monitor writes",
                "\"kind\":\"running\" | \"kind\":\"dancing\" | its 'kind' is not what a monitor writes",
                "\"kind\":\"running\" | \"kind\":\"waiting\" | 'since' is not where a monitor writes it",
                "\"pid\":4711      | \"pid\":1            | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":0            | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":-4711        | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":4294971407   | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":4711.0       | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":\"4711\"     | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":null         | its 'pid' is not what a monitor writes",
                "\"born\":123456   | \"born\":-1          | its 'born' is not what a monitor writes",
                "\"born\":123456   | \"born\":99999999999999999999 | its 'born' is not what a monitor writes",
                "\"number\":7      | \"number\":0         | its 'number' is not what a monitor writes",
                "\"number\":7      | \"number\":8         | its 'runs' is not what a monitor writes",
                "\"since\":5000000000 | \"since\":5000000001 | its 'since' is not what a monitor writes",
                "\"code\":3        | \"code\":256         | its 'code' is not what a monitor writes",
                "\"exited\"        | \"vanished\"         | its 'status' is not what a monitor writes",
                "\"streak\":2      | \"streak\":-2        | its 'streak' is not what a monitor writes",
                "\"restarts\":[]   | \"restarts\":[\"1\"]  | its 'a number' is not what a monitor writes",
                "\"restarts\":[]   | \"restarts\":[],\"x\":1 | 'diary' is not where a monitor writes it",
                "\"diary\":[]      | \"diary\":[1]        | its 'an object' is not what a monitor writes",
                "\"diary\":[]      | \"diary\":[{\"exit\":null}] | its 'diary' is not what a monitor writes",
                "\"skipped\":0     | \"skipped\":-1       | its 'skipped' is not what a monitor writes",
                "\"skipped\":0     | \"skipped\":0,\"x\":1 | its 'the end of an object' is not what a monitor writes",
                "\"runs\":7        | \"runs\":7,\"runs\":8 | 'last_pid' is not where a monitor writes it",
                "\"intended\":null | \"intended\":0       | its 'intended' is not what a monitor writes",
                "\"intended\":null | \"intended\":[]      | its 'intended' is not what a monitor writes",
                "\"intended\":null | \"intended\":null,   | 'begun_with' is not where a monitor writes it",
                "\"intended\":null | \"intended\": null   | its 'intended' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":04711       | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":+4711       | its 'pid' is not what a monitor writes",
                "\"pid\":4711      | \"pid\":            | its 'pid' is not what a monitor writes",
                "\"born\":123456   | \"born\":9223372036854775808 | its 'born' is not what a monitor writes",
                "\"text\":\"sleep | \"text\":\"\\x    | its 'text' is not what a monitor writes",
                "\"text\":\"sleep | \"text\":\"\\u12g4 | its 'text' is not what a monitor writes",
                "\"text\":\"sleep | \"text\":\"\u00e9 | its 'text' is not what a monitor writes",
                "\"text\":\"sleep | \"text\":\"a\tb    | its 'text' is not what a monitor writes",
                "{\"format\"       | [\"format\"          | its 'an object' is not what a monitor writes",
            })
    void whatNoMonitorWritesIsNotBelieved(String part, String replacement, String reason)
            throws IOException {
        assertThat(good).contains(part);

        expectSetAside(
                good.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(replacement)),
                reason);
    }

    /** Each of these is a record that a monitor could have written. */
    @ParameterizedTest
    @CsvSource({
        "4711, 4712",
        "123456, 123457",
        "sleep 1000, sleep 1001",
        "00000000, 00000001",
    })
    void rejectsARecordThatAnotherProgramChanged(String part, String replacement)
            throws IOException {
        String text =
                good.contains(part)
                        ? good
                        : good.replaceFirst("crc32\":\"[0-9a-f]{8}", "crc32\":\"00000000");
        expectSetAside(
                text.replaceFirst(Pattern.quote(part), replacement),
                "its checksum is wrong: something else has changed it");
    }

    @Test
    void noChangeOfOneByteGoesUnnoticed() {
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(refusal(new String(changed, StandardCharsets.ISO_8859_1)))
                    .as("byte %d of %s", i, good)
                    .doesNotStartWith("believed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                  | it is empty",
                "null                | its 'an object' is not what a monitor writes",
                "procmon             | its 'an object' is not what a monitor writes",
                "{}                  | 'format' is not where a monitor writes it",
                "[]                  | its 'an object' is not what a monitor writes",
                "{\"jobs\": [1]}     | 'format' is not where a monitor writes it",
            })
    void rejectsForeignText(String text, String reason) throws IOException {
        expectSetAside(text, reason);
    }

    @Test
    void twoRecordsInOneFileAreNone() throws IOException {
        expectSetAside(good + good, "something follows the record");
        expectSetAside(good + "\0", "something follows the record");
    }

    @Test
    void rejectsAFileOfZeroBytes() throws IOException {
        expectSetAside("\0".repeat(good.length()), "its 'an object' is not what a monitor writes");
    }

    @Test
    void rejectsATruncatedRecord() throws IOException {
        for (int length = 1; length < good.length(); length++) {
            assertThat(refusal(good.substring(0, length)))
                    .as("the first %d bytes of %s", length, good)
                    .isNotEmpty();
        }
        expectSetAside(good.substring(0, good.length() / 2), "it ends too early");
    }

    /** Nothing but a refusal or a record comes of any bytes; and the pid is one to be signalled. */
    @Test
    void noBytesAreTooMuchForTheReader() {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                JournalEntry journalEntry = EntryReader.read(bytes, "bad").kept();
                assertThat(journalEntry.process().state().run().orElseThrow().pid())
                        .as("with -Dprocmon.seed=%d", seed)
                        .isGreaterThan(1);
            } catch (CorruptRecord e) {
                assertThat(e.reason()).isNotEmpty();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        expectSetAside(" ".repeat((64 << 10) + 1), "it is longer than 65536 bytes");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(state.resolve("target"), good);
        Files.delete(test.record("bad"));
        Files.createSymbolicLink(test.record("bad"), target);

        expectSetAside("it is a symbolic link");
        assertThat(Files.readString(target)).isEqualTo(good);
    }

    @Test
    void aFolderIsNoRecord() throws IOException {
        Files.delete(test.record("bad"));
        Files.createDirectory(test.record("bad"));
        Files.writeString(test.record("bad").resolve("inside"), "kept");

        expectSetAside("it is a folder");
        assertThat(test.aside("bad.json.1").resolve("inside")).hasContent("kept");
    }

    @Test
    void aFifoIsNotOpened() throws Exception {
        Files.delete(test.record("bad"));
        Process made = new ProcessBuilder("mkfifo", test.record("bad").toString()).start();
        assertThat(made.waitFor()).isZero();

        expectSetAside("it is not a plain file");
    }

    @Test
    void rejectsAFileOfAnotherUser() throws IOException {
        Files.setAttribute(test.record("bad"), "unix:uid", 54321);

        expectSetAside("it belongs to uid 54321");
    }

    @ParameterizedTest
    @CsvSource({
        "notes.txt, notes.txt",
        ".bad.json, .bad.json",
        "bad name.json, bad name.json",
        "core, core",
        ".json, .json"
    })
    void movesAwayAFileWithAnotherName(String name, String shown) throws IOException {
        Files.move(test.record("bad"), test.folder.resolve(name));

        List<String> log = readTheRest();

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains("/" + shown)
                .contains(" reason=\"its name is not that of a record\" moved_to=");
        assertThat(test.asides()).containsExactly(name + ".1");
    }

    @Test
    void movesAwayANameOfAnyBytesAndLogsItSafely() throws Exception {
        String move = "mv \"$1\" \"$(printf '%s/odd\\033[31m\\n\\303x' \"$2\")\"";
        Process made =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                move,
                                "sh",
                                test.record("bad").toString(),
                                test.folder.toString())
                        .start();
        assertThat(made.waitFor()).isZero();

        List<String> log = readTheRest();

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains("file=" + test.folder + "/odd?[31m??x reason=\"its name is not");
        assertThat(test.open().read(true)).hasSize(1);
    }

    @Test
    void theLatestTwentyAreKept() throws IOException {
        for (int i = 1; i <= 45; i++) {
            Files.writeString(test.record("bad"), "bad " + i);
            test.open().read(true);
        }

        List<String> expected = new ArrayList<>();
        for (int i = 26; i <= 45; i++) {
            expected.add("bad.json." + i);
        }
        assertThat(test.asides()).containsExactlyElementsOf(expected);
        assertThat(test.aside("bad.json.45")).hasContent("bad 45");
    }

    @Test
    void rejectsARecordThatCannotBeMovedAway() throws IOException {
        Files.writeString(test.folder.resolve("set-aside"), "in the way");
        Files.writeString(test.record("bad"), "bad");

        List<String> log = readTheRest();

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains("bad.json reason=\"its 'an object' is not", "cannot move it away");
        assertThat(test.record("bad")).hasContent("bad");
    }

    private void expectSetAside(String text, String reason) throws IOException {
        Files.writeString(test.record("bad"), text);
        expectSetAside(reason);
    }

    private void expectSetAside(String reason) throws IOException {
        int before = test.asides().size();

        List<String> log = readTheRest();

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains(
                        "ignoring a file file=" + test.record("bad") + " reason=",
                        reason.replace("\"", "\\\""));
        assertThat(Files.exists(test.record("bad"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(test.asides()).hasSize(before + 1);
        assertThat(log.getFirst()).endsWith(" moved_to=" + test.aside("bad.json." + (before + 1)));
    }

    /** Reads, and returns the log; the good record is not touched by any bad one. */
    private List<String> readTheRest() throws IOException {
        JournalFolder journal = test.open();
        return test.logOf(() -> assertThat(journal.read(true)).containsExactly(running("good")));
    }

    private static String refusal(String text) {
        try {
            return "believed: " + EntryReader.read(text.getBytes(StandardCharsets.UTF_8), "bad");
        } catch (CorruptRecord e) {
            return e.reason();
        }
    }
}
