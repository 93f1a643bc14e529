package org.procmon.config.reader;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.PatternSyntaxException;
import org.procmon.bytes.BytePath;
import org.procmon.config.ProcessName;
import org.procmon.config.folder.FolderQuery;
import org.procmon.config.pool.WorkerShare;

/** Reads {@code dropins} and {@code sites}. */
final class FolderReader {
    static final String DROP_INS = "dropins";
    static final String SITES = "sites";

    private static final String DIRECTORY = "directory";
    private static final String PER_USER = "max_workers_per_user";
    private static final String GROUP = "socket_group";
    private static final int LEAST_UID = 100;
    private static final int USUAL_MOST = 1_000;
    private static final int LARGEST_MOST = 10_000;
    private static final int LARGEST_UID = Integer.MAX_VALUE;
    private static final Duration USUAL_QUIET = Duration.ofMillis(500);

    private final ReadContext readContext;
    private final Problems problems;

    /** Where each folder and pattern is given first, by the key. */
    private final Map<List<Object>, Integer> given = new HashMap<>();

    FolderReader(ReadContext readContext, Problems problems) {
        this.readContext = readContext;
        this.problems = problems;
    }

    /** The entries of both keys; those with problems, which are reported, are left out. */
    List<FolderRule> read(ObjectReader top) {
        List<FolderRule> rules = new ArrayList<>();
        for (JsonValue.Members entry : top.objects(DROP_INS)) {
            dropIn(entry).ifPresent(rules::add);
        }
        for (JsonValue.Members entry : top.objects(SITES)) {
            site(entry).ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<FolderRule> dropIn(JsonValue.Members object) {
        int before = problems.count();
        ObjectReader own = new ObjectReader(only(object, Keys.DROP_IN), Keys.DROP_IN, problems);
        Optional<Path> directory = directory(own, "drop-in folder");
        String pattern = pattern(own, "*.fcgi");
        checkTwice(own, DROP_INS, directory, pattern);
        boolean isRecursive = own.flag("recursive", true);
        int most = own.count("max_apps", 1, LARGEST_MOST, USUAL_MOST);
        Duration quiet = own.duration("quiet", USUAL_QUIET);
        OptionalInt perUser = perUser(own);
        Optional<String> prefix = prefix(own, directory);
        if (problems.count() > before) {
            return Optional.empty();
        }
        FolderQuery query =
                new FolderQuery(
                        directory.orElseThrow(),
                        FolderQuery.Kind.EXECUTABLE,
                        pattern,
                        isRecursive,
                        most);
        return Optional.of(
                new FolderRule(
                        object.offset(),
                        object.whole(),
                        prefix.orElseThrow(),
                        without(object, Keys.DROP_IN),
                        query,
                        quiet,
                        perUser,
                        0));
    }

    private Optional<FolderRule> site(JsonValue.Members object) {
        int before = problems.count();
        ObjectReader own = new ObjectReader(only(object, Keys.SITE), Keys.SITE, problems);
        Optional<Path> directory = directory(own, "site folder");
        String pattern = pattern(own, "*");
        checkTwice(own, SITES, directory, pattern);
        int minUid = own.count("min_uid", 0, LARGEST_UID, LEAST_UID);
        int most = own.count("max_sites", 1, LARGEST_MOST, USUAL_MOST);
        Duration quiet = own.duration("quiet", USUAL_QUIET);
        OptionalInt perUser = perUser(own);
        Optional<String> prefix = prefix(own, directory);
        if (problems.count() > before) {
            return Optional.empty();
        }
        Map<String, JsonValue.Member> pool = without(object, Keys.SITE);
        JsonValue.Member group = object.members().get(GROUP);
        if (group != null) {
            pool.put("listen_group", group);
        }
        FolderQuery query =
                new FolderQuery(
                        directory.orElseThrow(), FolderQuery.Kind.FOLDER, pattern, false, most);
        return Optional.of(
                new FolderRule(
                        object.offset(),
                        object.whole(),
                        prefix.orElseThrow(),
                        pool,
                        query,
                        quiet,
                        perUser,
                        minUid));
    }

    private static OptionalInt perUser(ObjectReader own) {
        return own.has(PER_USER)
                ? OptionalInt.of(own.count(PER_USER, 1, WorkerShare.MOST, 1))
                : OptionalInt.empty();
    }

    private static JsonValue.Members only(JsonValue.Members object, Keys keys) {
        Map<String, JsonValue.Member> some = new LinkedHashMap<>(object.members());
        some.keySet().retainAll(keys.known());
        return new JsonValue.Members(object.offset(), some, object.whole());
    }

    private static Map<String, JsonValue.Member> without(JsonValue.Members object, Keys keys) {
        Map<String, JsonValue.Member> some = new LinkedHashMap<>(object.members());
        some.keySet().removeAll(keys.known());
        return some;
    }

    private Optional<Path> directory(ObjectReader own, String what) {
        JsonValue _ = own.required(DIRECTORY, what + " has no 'directory'");
        return new PathReader(readContext, problems)
                .read(own, DIRECTORY)
                .map(path -> BytePath.absolute(path).normalize());
    }

    /** Two entries would make two pools of each program or site. */
    private void checkTwice(
            ObjectReader own, String key, Optional<Path> directory, String pattern) {
        if (directory.isEmpty()) {
            return;
        }
        int place = own.offset(DIRECTORY);
        Integer first = given.putIfAbsent(List.of(key, directory.get(), pattern), place);
        if (first != null) {
            problems.add(
                    place,
                    () ->
                            "the folder "
                                    + Problems.shown(BytePath.text(directory.get()))
                                    + " with the pattern '"
                                    + Problems.shown(pattern)
                                    + "' is given twice in '"
                                    + key
                                    + "', first in "
                                    + problems.where(first, place));
        }
    }

    private String pattern(ObjectReader own, String usual) {
        JsonValue.Text text = own.text("pattern");
        if (text == null) {
            return usual;
        }
        try {
            var _ = FileSystems.getDefault().getPathMatcher("glob:" + text.value());
            if (!text.value().isEmpty() && text.value().indexOf('/') < 0) {
                return text.value();
            }
        } catch (PatternSyntaxException _) {
            // It is reported below.
        }
        problems.badText("'pattern'", "a glob of file names such as \"*.fcgi\"", text);
        return usual;
    }

    /** The given name, or that of the folder. */
    private Optional<String> prefix(ObjectReader own, Optional<Path> directory) {
        JsonValue.Text id = own.text("id");
        if (id != null) {
            if (!ProcessName.isValid(id.value())) {
                problems.badText(
                        "'id'", "letters, digits and \"._@:-\", a letter or digit first", id);
            }
            return Optional.of(id.value());
        }
        return directory.map(path -> {
            Path name = path.getFileName();
            String escaped = EntryName.escaped(name == null ? "root" : BytePath.text(name));
            return ProcessName.isValid(escaped) ? escaped : "folder" + escaped;
        });
    }
}
