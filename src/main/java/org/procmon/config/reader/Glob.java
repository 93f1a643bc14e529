package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** The files that match a pattern such as {@code conf.d/*.conf}, in the order of their names. */
public final class Glob {
    private Glob() {}

    /**
     * The files.
     *
     * @param folder against which a relative pattern is resolved
     */
    public static List<Path> files(Path folder, String pattern) {
        Path full = folder.resolve(pattern);
        List<Path> found = List.of(full.getRoot() == null ? Path.of("") : full.getRoot());
        for (Path part : full) {
            List<Path> next = new ArrayList<>();
            for (Path parent : found) {
                addChildren(parent, part.toString(), next);
            }
            Collections.sort(next);
            found = next;
        }
        return found;
    }

    /** Whether a text stands for more than the file of that name. */
    public static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    private static void addChildren(Path parent, String part, List<Path> to) {
        if (!isPattern(part)) {
            Path child = parent.resolve(part);
            if (Files.exists(child)) {
                to.add(child);
            }
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + escaped(part));
            for (Path child : children) {
                Path name = child.getFileName();
                boolean hidden = name.toString().startsWith(".") && !part.startsWith(".");
                if (!hidden && matcher.matches(name)) {
                    to.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException | PatternSyntaxException _) {
            // Not a directory, or an unreadable one: nothing in it matches, as in a shell.
        }
    }

    /** Braces and backslashes stand for themselves, as in glob(3) without its extensions. */
    private static String escaped(String part) {
        return part.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}");
    }
}
