package org.procmon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** A method fits on a screen, and the life of a primary can be read at a glance. */
class MethodLengthTest {
    private static final int MOST_LINES = 70;
    private static final int MOST_LINES_OF_PRIMARY = 40;

    @Test
    void noMethodIsLong() throws IOException {
        Map<String, Long> lines = lengths();
        assertThat(lines).hasSizeGreaterThan(1000);
        assertThat(lines).allSatisfy((_, count) -> assertThat(count).isLessThan(MOST_LINES));
        assertThat(lines.get("Primary.run")).isLessThan(MOST_LINES_OF_PRIMARY);
    }

    /** The lines of each method of the program; of several with one name, the longest. */
    private static Map<String, Long> lengths() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, Long> lines = new HashMap<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    _ -> {},
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                String type = Path.of(unit.getSourceFile().getName()).getFileName().toString();
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        long start = positions.getStartPosition(unit, method);
                        long end = positions.getEndPosition(unit, method);
                        if (start >= 0 && end >= 0) {
                            lines.merge(
                                    type.replace(".java", ".") + method.getName(),
                                    unit.getLineMap().getLineNumber(end)
                                            - unit.getLineMap().getLineNumber(start)
                                            + 1,
                                    Long::max);
                        }
                        return super.visitMethod(method, null);
                    }
                }.scan(unit, null);
            }
        }
        return lines;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
