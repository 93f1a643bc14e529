import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles the sources that have changed, and those that depend on them: {@code Recompile RECORD CLASSPATH
 * [SOURCES CLASSES]...}. Each folder of sources may use those before it.
 *
 * <p>A source is outdated if its text has changed, or if it uses a class whose visible part has changed: its class files
 * mention that class, or a subclass of it. The compiler copies constants into classes that then do not mention where a
 * constant is from, so for a changed constant, and for a class that is new or gone, the word is looked for in all
 * sources. The record says what is outdated until it has been compiled, so an end at any moment loses nothing. Without a
 * record, or with one of other settings, everything is compiled.
 *
 * <p>It may miss a switch that lacks a new case of a sealed type within a sealed type; a full build reports that.
 */
class Recompile {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-nowarn", "-g", "-parameters", "-Xmaxerrs", "20");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final int MOST_ROUNDS = 5;

    /** The compiler names files by absolute paths. */
    private static final Path HERE = Path.of("").toAbsolutePath();

    /**
     * What is known of a source.
     *
     * @param digest of its text when it was compiled; empty if it is outdated
     * @param files the class files that were made of it
     */
    private record Unit(String digest, Set<String> files, ClassFacts facts) implements Serializable {
        Unit outdated() {
            return new Unit("", files, facts);
        }
    }

    /** Sources, and where their classes belong. */
    private record Folder(Path sources, Path classes) {}

    private final Path record;
    private final String classPath;
    private final List<Folder> folders = new ArrayList<>();
    private final Map<String, Unit> units = new TreeMap<>();

    private Recompile(String[] args) {
        record = Path.of(args[0]);
        classPath = args[1];
        for (int i = 2; i < args.length; i += 2) {
            folders.add(new Folder(HERE.resolve(args[i]), HERE.resolve(args[i + 1])));
        }
    }

    public static void main(String[] args) throws IOException {
        System.exit(run(args) ? 0 : 1);
    }

    /** Whether there was no error. */
    static boolean run(String... args) throws IOException {
        return new Recompile(args).compileOutdated();
    }

    private boolean compileOutdated() throws IOException {
        load();
        lookForChanges();
        for (Folder folder : folders) {
            List<String> outdated = outdated(folder);
            for (int round = 0; !outdated.isEmpty(); round++) {
                if (round == MOST_ROUNDS) {
                    units.replaceAll((source, unit) -> unit.outdated());
                    outdated = outdated(folder);
                }
                save();
                if (!compile(folder, outdated)) {
                    return false;
                }
                outdated = outdated(folder);
            }
        }
        save();
        return true;
    }

    /** Marks what has changed since it was compiled, and what depends on classes that are new or gone. */
    private void lookForChanges() throws IOException {
        Set<String> present = new HashSet<>();
        Set<String> words = new HashSet<>();
        for (Folder folder : folders) {
            try (Stream<Path> files = Files.walk(folder.sources())) {
                for (String source : files.map(Path::toString).filter(f -> f.endsWith(".java")).toList()) {
                    present.add(source);
                    Unit unit = units.get(source);
                    if (unit == null) {
                        units.put(source, new Unit("", Set.of(), ClassFacts.NONE));
                        words.add(simpleName(source));
                    } else if (!unit.digest().equals(digest(source))) {
                        units.put(source, unit.outdated());
                    }
                }
            }
        }
        Set<String> gone = new HashSet<>();
        for (String source : List.copyOf(units.keySet())) {
            if (!present.contains(source)) {
                Unit unit = units.remove(source);
                delete(unit.files(), Set.of());
                gone.addAll(unit.facts().names());
                words.add(simpleName(source));
            }
        }
        markUsers(gone, words, Set.of());
    }

    private static String simpleName(String source) {
        return Path.of(source).getFileName().toString().replace(".java", "");
    }

    private static String digest(String source) throws IOException {
        return ClassFacts.digest(Files.readString(Path.of(source)));
    }

    private List<String> outdated(Folder folder) {
        return units.keySet().stream()
                .filter(source -> Path.of(source).startsWith(folder.sources()) && units.get(source).digest().isEmpty())
                .toList();
    }

    /** Compiles sources of one folder, and marks what depends on what others can see to have changed in them. */
    private boolean compile(Folder folder, List<String> sources) throws IOException {
        System.err.println("compiling " + count(sources) + " in " + HERE.relativize(folder.sources()));
        Map<String, String> digests = new HashMap<>();
        for (String source : sources) {
            digests.put(source, digest(source));
        }
        Map<String, Set<String>> made = new HashMap<>();
        if (!javac(folder, sources, made)) {
            return false;
        }
        Set<String> changed = new HashSet<>();
        Set<String> words = new HashSet<>();
        for (String source : sources) {
            Set<String> files = made.getOrDefault(source, Set.of());
            Unit before = units.get(source);
            ClassFacts facts = ClassFacts.of(files);
            delete(before.files(), files);
            if (!facts.visible().equals(before.facts().visible())) {
                changed.addAll(facts.names());
                changed.addAll(before.facts().names());
            }
            if (!facts.constants().equals(before.facts().constants())) {
                words.add(simpleName(source));
            }
            units.put(source, new Unit(digests.get(source), files, facts));
        }
        markUsers(changed, words, Set.copyOf(sources));
        return true;
    }

    private static String count(List<String> sources) {
        return sources.size() == 1 ? simpleName(sources.getFirst()) : sources.size() + " sources";
    }

    /** Compiles, and puts the class files of each source into a map; false if there was an error. */
    private boolean javac(Folder folder, List<String> sources, Map<String, Set<String>> made) throws IOException {
        Files.createDirectories(folder.classes());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder.classes()));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, path(folder));
            Iterable<? extends JavaFileObject> texts = files.getJavaFileObjectsFromStrings(sources);
            return compiler.getTask(null, new Noting(files, made), null, OPTIONS, null, texts).call();
        }
    }

    private List<Path> path(Folder folder) {
        List<Path> path = new ArrayList<>();
        for (Folder earlier : folders.subList(0, folders.indexOf(folder) + 1)) {
            path.addFirst(earlier.classes());
        }
        Stream.of(classPath.split(":")).filter(entry -> !entry.isEmpty()).map(Path::of).forEach(path::add);
        return path;
    }

    /** Notes which class file is of which source. */
    private static final class Noting extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, Set<String>> made;

        Noting(StandardJavaFileManager files, Map<String, Set<String>> made) {
            super(files);
            this.made = made;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject source)
                throws IOException {
            JavaFileObject file = super.getJavaFileForOutput(location, name, kind, source);
            made.computeIfAbsent(path(source), _ -> new TreeSet<>()).add(path(file));
            return file;
        }

        private String path(FileObject file) {
            return fileManager.asPath(file).toString();
        }

        @Override
        public JavaFileObject getJavaFileForOutputForOriginatingFiles(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject... sources)
                throws IOException {
            return getJavaFileForOutput(location, name, kind, sources[0]);
        }
    }

    /**
     * Marks what uses classes.
     *
     * @param classes whose visible parts have changed
     * @param words that stand in the sources of what uses them
     * @param compiled what was compiled together with them
     */
    private void markUsers(Set<String> classes, Set<String> words, Set<String> compiled) throws IOException {
        Set<String> all = withSubclasses(classes);
        for (Map.Entry<String, Unit> entry : units.entrySet()) {
            Unit unit = entry.getValue();
            if (compiled.contains(entry.getKey()) || unit.digest().isEmpty()) {
                continue;
            }
            if (unit.facts().mentions(all) || (!words.isEmpty() && hasWord(entry.getKey(), words))) {
                entry.setValue(unit.outdated());
            }
        }
    }

    private Set<String> withSubclasses(Set<String> classes) {
        Set<String> all = new HashSet<>(classes);
        boolean grows = !all.isEmpty();
        while (grows) {
            grows = false;
            for (Unit unit : units.values()) {
                if (unit.facts().extendsAny(all)) {
                    grows |= all.addAll(unit.facts().names());
                }
            }
        }
        return all;
    }

    private static boolean hasWord(String source, Set<String> words) throws IOException {
        return WORD.matcher(Files.readString(Path.of(source))).results().anyMatch(word -> words.contains(word.group()));
    }

    private static void delete(Set<String> files, Set<String> kept) throws IOException {
        for (String file : files) {
            if (!kept.contains(file)) {
                Files.deleteIfExists(Path.of(file));
            }
        }
    }

    /** What a record depends on besides the sources. */
    private String settings() {
        return Runtime.version() + " " + OPTIONS + " " + classPath + " " + folders;
    }

    @SuppressWarnings("unchecked")
    private void load() throws IOException {
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(record))) {
            if (in.readObject().equals(settings())) {
                units.putAll((Map<String, Unit>) in.readObject());
                return;
            }
        } catch (IOException | ClassNotFoundException | RuntimeException _) {
            // There is none, or it is of another version of this program.
        }
        units.clear();
        for (Folder folder : folders) {
            clear(folder.classes());
        }
    }

    private static void clear(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void save() throws IOException {
        Path next = Path.of(record + ".new");
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(next))) {
            out.writeObject(settings());
            out.writeObject(units);
        }
        Files.move(next, record, StandardCopyOption.REPLACE_EXISTING);
    }
}
