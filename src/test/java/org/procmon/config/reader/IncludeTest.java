package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ConfigBundle;
import org.procmon.config.Dependency;
import org.procmon.config.Document;
import org.procmon.config.Instance;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecResult;

/** Configurations of several files, what they have in common, and several of a kind. */
class IncludeTest {
    @TempDir Path folder = Path.of("");

    @Test
    void theFilesOfAPatternAreReadInTheOrderOfTheirNames() throws IOException {
        write("d/b.json", "{\"processes\":[{\"id\":\"b\",\"exec\":\"b\"}]}");
        write("d/a.json", "{\"id\":\"a\",\"exec\":\"a\",\"depends\":\"b\"}");
        write("d/.hidden.json", "not read");
        write("d/a.json~", "not read");
        assertThat(ids(read("{\"include\":\"d/*.json\"}"))).containsExactly("a", "b");
        assertThat(
                        ids(
                                read(
                                        "{\"include\":[\"d/b.json\",\"d/*.json\"],"
                                                + "\"processes\":[{\"id\":\"m\",\"exec\":\"m\"}]}")))
                .containsExactly("m", "b", "a");
        assertThat(ids(read("{\"include\":\"d/none-*.json\"}"))).isEmpty();
    }

    @Test
    void aTemplateMakesAnEntryUnderEachNameItIsLinkedTo() throws IOException {
        Path template =
                write(
                        "template",
                        "{\"id\":\"site-$(filename)\",\"exec\":\"serve $(filename) $(date) $(user)\","
                                + "\"env\":{\"OWNER\":\"$(user):$(group)\"}}");
        Files.createDirectories(folder.resolve("d"));
        Files.createSymbolicLink(folder.resolve("d/shop.json"), template);
        Files.createSymbolicLink(folder.resolve("d/blog.new.json"), template);
        List<ProcessSpec> sites = good(read("{\"include\":\"d/*\"}")).spec().processes();
        assertThat(sites).extracting(ProcessSpec::id).containsExactly("site-blog.new", "site-shop");
        String user = Files.getOwner(template, LinkOption.NOFOLLOW_LINKS).getName();
        assertThat(sites.get(1).exec().argv()).containsExactly("serve", "shop", "$(date)", user);
        String group = Files.getAttribute(template, "posix:group").toString();
        assertThat(sites.get(1).env()).containsEntry("OWNER", user + ":" + group);
    }

    @Test
    void pathsOfAnIncludedFileAreOfItsOwnFolder() throws IOException {
        write("d/a.json", "{\"id\":\"a\",\"exec\":\"a\",\"cwd\":\"data\"}");
        assertThat(good(read("{\"include\":\"d/a.json\"}")).spec().processes().getFirst().cwd())
                .contains(folder.resolve("d/data"));
    }

    @Test
    void aProblemNamesItsFile() throws IOException {
        write("d/a.json", "{\"id\":\"a\",\"exec\":\"a\",\n\"wiat\":1, \"depends\":\"nobody\"}");
        write("d/b.json", "{\"id\":\"a\",\"exec\":");
        write("d/c.json", "7");
        write("d/d.json", "{\"defaults\":{}}");
        write("d/e.json", "{\"include\":\"x\",\"processes\":[]}");
        Files.write(folder.resolve("d/f.json"), new byte[] {'{', (byte) 0xff});
        String d = folder.resolve("d") + "/";
        assertThat(problems(read("{\"include\":[\"d/*\",\"gone.json\",\"gone/*\"]}")))
                .containsExactly(
                        "main.json:1:19: "
                                + folder.resolve("gone.json")
                                + ": cannot read the file: there is no such file",
                        "main.json:1:31: "
                                + folder.resolve("gone/*")
                                + ": cannot read the folder "
                                + folder.resolve("gone")
                                + ": there is no such file",
                        d + "a.json:2:1: unknown key 'wiat', did you mean 'wait'?",
                        d + "b.json:1:7: id 'a' was already given in line 1 of " + d + "a.json",
                        d + "b.json:1:18: broken JSON: the file ends inside what starts in line 1",
                        d
                                + "c.json:1:1: an included file must be a process or an object with"
                                + " 'processes', found a number",
                        d
                                + "d.json:1:1: an included file has 'processes' or 'pools', or is a"
                                + " process",
                        d + "e.json:1:2: unknown key 'include'",
                        d + "f.json:1:2: not UTF-8: the byte 0xFF does not belong here");
    }

    @Test
    void escapesControlCharactersInPaths() throws IOException {
        write("d/bad\nname.json", "7");
        assertThat(problems(read("{\"include\":[\"no\\nsuch.json\",\"d/*\",\"/\"]}")))
                .hasSize(3)
                .allMatch(problem -> problem.chars().noneMatch(Character::isISOControl))
                .anyMatch(problem -> problem.contains("no\\u000asuch.json"))
                .anyMatch(problem -> problem.contains("d/bad\\u000aname.json:1:1"))
                .anyMatch(problem -> problem.endsWith("/: cannot read the file: it is a folder"));
    }

    @Test
    void theDefaultsOfAFileGoBeforeThoseOfTheMainFile() throws IOException {
        write(
                "d/a.json",
                "{\"defaults\":{\"wait\":2,\"env\":{\"A\":\"2\",\"B\":\"2\"}},"
                        + "\"processes\":[{\"id\":\"a\",\"env\":{\"B\":\"3\"}}]}");
        MonitorSpec spec =
                good(read(
                                "{\"defaults\":{\"exec\":\"run\",\"wait\":1,\"restart_delay\":1,"
                                        + "\"env\":{\"A\":\"1\",\"C\":\"1\"},\"restart\":\"always\"},"
                                        + "\"include\":\"d/a.json\","
                                        + "\"processes\":[{\"id\":\"m\",\"monitored\":false}]}"))
                        .spec();
        ProcessSpec main = spec.processes().get(0);
        ProcessSpec other = spec.processes().get(1);
        assertThat(main.restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(main.settle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(other.exec().text()).isEqualTo("run");
        assertThat(other.restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(other.settle()).isEqualTo(Duration.ofSeconds(2));
        assertThat(other.restartDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(other.env()).isEqualTo(Map.of("A", "2", "B", "3", "C", "1"));
    }

    @Test
    void aDependencyOnInstancesMeansAllOfThem() throws IOException {
        MonitorSpec spec =
                good(read(
                                "{\"processes\":[{\"id\":\"w\",\"exec\":\"w\",\"instances\":2},"
                                        + "{\"id\":\"d\",\"exec\":\"d\",\"depends\":[\"w\"]},"
                                        + "{\"id\":\"n\",\"exec\":\"n\",\"instances\":0},"
                                        + "{\"id\":\"e\",\"exec\":\"e\",\"depends\":[\"n\",\"w.2\"]}]}"))
                        .spec();
        assertThat(spec.processes())
                .extracting(ProcessSpec::id)
                .containsExactly("w.1", "w.2", "d", "e");
        assertThat(spec.processes().get(1).instance()).contains(new Instance("w", 2));
        assertThat(spec.processes().get(1).env()).containsEntry("PROCMON_INSTANCE", "2");
        assertThat(spec.processes().get(2).depends())
                .extracting(Dependency::on)
                .containsExactly("w.1", "w.2");
        assertThat(spec.processes().get(3).depends())
                .extracting(Dependency::on)
                .containsExactly("w.2");
    }

    @Test
    void aBundleCanBeReadWithoutItsFiles() throws IOException {
        write("d/a.json", "{\"id\":\"$(filename)\",\"exec\":\"a $(user)\",\"instances\":2}");
        write("b.json", "{\"id\":\"b\",\"exec\":\"b\"}");
        SpecResult.Valid first = good(read("{\"include\":[\"d/*.json\",\"b.json\"]}"));
        Files.delete(folder.resolve("d/a.json"));
        Files.delete(folder.resolve("b.json"));
        write("d/c.json", "{\"id\":\"c\",\"exec\":\"c\"}");
        ConfigBundle kept = ConfigBundle.decode(first.bundle().encode());
        Path file = folder.resolve("main.json");
        assertThat(good(SpecReader.read(kept, file, Map.of())).spec()).isEqualTo(first.spec());
        ConfigBundle more = ConfigBundle.decode(kept.scaled("a", 3).encode());
        assertThat(ids(SpecReader.read(more, file, Map.of())))
                .containsExactly("a.1", "a.2", "a.3", "b");
    }

    /** Nobody could supervise what was accepted, if it had to be right for ever. */
    @Test
    void readsABundleWhoseGroupIsGone() {
        String text =
                "{\"control\": {\"socket_group\": \"no-such-group\"}, \"processes\":"
                        + " [{\"id\": \"a\", \"exec\": \"b\"}]}";
        Document main = new Document("a.json", "", "", text.getBytes(StandardCharsets.UTF_8));
        ConfigBundle kept = new ConfigBundle(List.of(main), Map.of());

        assertThat(SpecReader.read(kept, Path.of("a.json"), Map.of()))
                .isInstanceOf(SpecResult.Valid.class);
        assertThat(SpecReader.read(Path.of("a.json"), main.bytes(), Map.of()))
                .isInstanceOf(SpecResult.Invalid.class);
    }

    @Test
    void refusesAMalformedBundle() throws IOException {
        byte[] good =
                good(read("{\"processes\":[{\"id\":\"a\",\"exec\":\"a\"}]}")).bundle().encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> ConfigBundle.decode(cut)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> ConfigBundle.decode(new byte[100])).hasMessageContaining("kept");
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private SpecResult read(String main) throws IOException {
        return SpecReader.read(
                "main.json", main.getBytes(StandardCharsets.UTF_8), folder, Map.of());
    }

    private static SpecResult.Valid good(SpecResult result) {
        return (SpecResult.Valid) result;
    }

    private static List<String> ids(SpecResult result) {
        return good(result).spec().processes().stream().map(ProcessSpec::id).toList();
    }

    private static List<String> problems(SpecResult result) {
        return ((SpecResult.Invalid) result).problems().stream().map(Problem::toString).toList();
    }
}
