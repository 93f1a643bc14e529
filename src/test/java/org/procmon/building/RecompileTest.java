package org.procmon.building;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./build.sh quick} compiles after a change. */
@Timeout(120)
class RecompileTest {
    private static final FileTime OLD = FileTime.fromMillis(0);

    @TempDir static Path tool = Path.of("");
    @TempDir Path folder = Path.of("");

    @BeforeAll
    static void compileTheCompiler() {
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                tool.toString(),
                                "packaging/Recompile.java",
                                "packaging/ClassFacts.java");
        assertThat(code).isZero();
    }

    @BeforeEach
    void compileAll() throws Exception {
        write("main", "Base", "class Base { static final int SIZE = 1; int base() { return 1; } }");
        write("main", "Sub", "class Sub extends Base {}");
        write("main", "User", "class User { long user(Sub sub) { return sub.base(); } }");
        write("main", "Copy", "class Copy { int size() { return Sub.SIZE + Base.SIZE; } }");
        write("main", "Other", "class Other {}");
        write(
                "test",
                "UserTest",
                "class UserTest { long test() { return new User().user(null); } }");
        assertThat(recompile()).isTrue();
        assertThat(compiled()).hasSize(6);
    }

    @Test
    void nothingIsCompiledWhenNothingHasChanged() throws Exception {
        assertThat(recompile()).isTrue();

        assertThat(compiled()).isEmpty();
    }

    @Test
    void aChangeWithinAMethodOrOfSomethingPrivateCompilesThatSourceAlone() throws Exception {
        write(
                "main",
                "Base",
                "class Base { static final int SIZE = 1; int base() { return x(); }"
                        + " private int x() { return 2; } private record Y(int z) {} }");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).containsExactly("Base$Y.class", "Base.class");
    }

    @Test
    void aChangedSignatureCompilesWhatUsesItEvenThroughASubclass() throws Exception {
        write(
                "main",
                "Base",
                "class Base { static final int SIZE = 1; long base() { return 1; } }");

        assertThat(recompile()).isTrue();

        assertThat(compiled())
                .contains("Base.class", "Sub.class", "User.class")
                .doesNotContain("Other.class");
    }

    @Test
    void aChangeIsFollowedIntoTheTests() throws Exception {
        write("main", "User", "class User { int user(Sub sub) { return sub.base(); } }");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).containsExactly("User.class", "UserTest.class");
    }

    @Test
    void aChangedConstantIsCopiedAgain() throws Exception {
        write("main", "Base", "class Base { static final int SIZE = 2; int base() { return 1; } }");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).contains("Copy.class").doesNotContain("Other.class");
    }

    @Test
    void aNewClassCompilesWhatHasItsName() throws Exception {
        write("main", "Fresh", "class Fresh {}");
        write("main", "Other", "class Other { Object other() { return new Fresh(); } }");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).containsExactly("Fresh.class", "Other.class");
    }

    @Test
    void aSourceWithoutClassesIsNoError() throws Exception {
        write("main", "package-info", "");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).isEmpty();
    }

    @Test
    void aDeletedSourceLeavesNoClassAndWhatUsesItIsAnError() throws Exception {
        Files.delete(source("main", "Other"));
        assertThat(recompile()).isTrue();
        assertThat(folder.resolve("main-classes/org/procmon/Other.class")).doesNotExist();

        Files.delete(source("main", "Sub"));
        assertThat(recompile()).isFalse();
        assertThat(recompile()).as("the error stays").isFalse();

        write("main", "Sub", "class Sub extends Base {}");
        assertThat(recompile()).isTrue();
    }

    @Test
    void whatAnErrorKeptFromBeingCompiledIsCompiledNextTime() throws Exception {
        write("main", "User", "class User { void user(Sub sub) {} }");
        assertThat(recompile()).isFalse();
        age();

        write("test", "UserTest", "class UserTest { void test() { new User().user(null); } }");
        assertThat(recompile()).isTrue();

        assertThat(compiled()).containsExactly("UserTest.class");
    }

    @Test
    void aSourceThatIsTakenBackAfterAnErrorIsCompiledAgain() throws Exception {
        String good = Files.readString(source("main", "Base"));
        write(
                "main",
                "Base",
                "class Base { static final int SIZE = 1; String base() { return null; } }");
        assertThat(recompile()).as("a number was used").isFalse();
        age();

        Files.writeString(source("main", "Base"), good);
        assertThat(recompile()).isTrue();

        assertThat(compiled()).contains("Base.class", "Sub.class", "User.class");
    }

    @Test
    void withADamagedRecordEverythingIsCompiled() throws Exception {
        Files.writeString(folder.resolve("record"), "damaged");
        Files.writeString(folder.resolve("main-classes/org/procmon/Stale.class"), "");

        assertThat(recompile()).isTrue();

        assertThat(compiled()).hasSize(6).doesNotContain("Stale.class");
    }

    private Path source(String tree, String name) {
        return folder.resolve(tree + "/org/procmon/" + name + ".java");
    }

    private void write(String tree, String name, String text) throws IOException {
        Files.createDirectories(source(tree, name).getParent());
        Files.writeString(source(tree, name), "package org.procmon; " + text);
    }

    private boolean recompile() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {tool.toUri().toURL()})) {
            Method run = loader.loadClass("Recompile").getDeclaredMethod("run", String[].class);
            run.setAccessible(true);
            String[] arguments =
                    Stream.of("record", "", "main", "main-classes", "test", "test-classes")
                            .map(name -> name.isEmpty() ? name : folder.resolve(name).toString())
                            .toArray(String[]::new);
            return (boolean) run.invoke(null, (Object) arguments);
        }
    }

    /** The names of the class files that were made since this was last asked. */
    private List<String> compiled() throws IOException {
        List<String> names =
                classFiles().stream()
                        .filter(file -> file.toFile().lastModified() > 0)
                        .map(file -> file.getFileName().toString())
                        .sorted()
                        .toList();
        age();
        return names;
    }

    private void age() throws IOException {
        for (Path file : classFiles()) {
            Files.setLastModifiedTime(file, OLD);
        }
    }

    private List<Path> classFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }
}
