package org.procmon.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.procmon.bytes.BytePath;
import org.procmon.posix.Environment;
import org.procmon.spec.Identity;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Errand;

/**
 * Finds out, at each start, how a process is started that is not all as the monitor is: accounts,
 * limits and files with variables may have changed since the last time. One thread at a time;
 * blocks for a moment at most, and refuses what the user database and the files do not answer by
 * then.
 */
final class Guises {
    private static final String PATH = "PATH";
    private static final String USUAL_PATH = "/bin:/usr/bin";
    private static final String STATE_VARIABLE = "PROCMON_STATE_DIR";
    private static final String PWD = "PWD";

    /** Beside all that begin with {@link #LOADER}: what the C library and shells obey. */
    private static final Set<String> OBEYED =
            Set.of("BASH_ENV", "ENV", "GCONV_PATH", "LOCPATH", "PS4", "SHELLOPTS");

    private static final String LOADER = "LD_";

    private record Wanted(ProcessSpec spec, List<String> words, Map<String, String> own) {}

    private final Lookups<Wanted, Guise> lookups = new Lookups<>();
    private final Map<String, String> variables;
    private final Environment whole;
    private final Environment bare;
    private final Supplier<Rights> rights;
    private final Tools tools;
    private final FarFiles farFiles;

    /**
     * @param variables what every child gets
     * @param whole the same
     * @param rights asked at each start
     */
    Guises(
            Map<String, String> variables,
            Environment whole,
            Supplier<Rights> rights,
            Tools tools,
            FarFiles farFiles) {
        this.farFiles = farFiles;
        this.variables = Map.copyOf(variables);
        this.whole = whole;
        this.bare = Environment.of(bare(variables));
        this.rights = rights;
        this.tools = tools;
    }

    /** The folders in which programs are looked for, separated by colons. */
    static String searchPath(Map<String, String> variables) {
        return variables.getOrDefault(PATH, USUAL_PATH);
    }

    private static Map<String, String> bare(Map<String, String> variables) {
        Map<String, String> bare = new HashMap<>();
        for (String name : List.of(PATH, STATE_VARIABLE)) {
            String value = variables.get(name);
            if (value != null) {
                bare.put(name, value);
            }
        }
        return bare;
    }

    /**
     * How a run is to be started.
     *
     * @param own the variables that it gets of its own, in any case
     * @throws Refusal if it cannot be started so
     */
    Guise of(ProcessSpec spec, Map<String, String> own) throws Refusal {
        return of(spec, spec.exec().argv(), own);
    }

    /** How an errand is to be started; its program is looked up in any case. */
    Guise of(Errand errand, Map<String, String> own) throws Refusal {
        ProcessSpec spec = errand.of();
        boolean hasRoot = spec.identity().chroot().isPresent();
        List<String> words = errand.exec().argv();
        return of(spec, hasRoot ? words : withPath(words, 0, spec.cwd()), own);
    }

    /**
     * Looks whether a process can be started, without starting it. Its program is looked up in any
     * case, but in a root of its own, where only the tools that go there can see it.
     *
     * @throws Refusal if it cannot
     */
    void check(ProcessSpec spec, Map<String, String> own) throws Refusal {
        Guise _ = of(spec, own);
        if (spec.identity().chroot().isPresent() || farFiles.mayHang(program(spec), spec.cwd())) {
            return;
        }
        if (spec.cwd().isPresent() && !Files.isDirectory(spec.cwd().get())) {
            throw new Refusal(
                    "cannot change to folder '"
                            + spec.cwd().get()
                            + "': No such file or directory");
        }
        withPath(spec.exec().argv(), 0, spec.cwd());
    }

    private static String program(ProcessSpec spec) {
        return spec.exec().argv().getFirst();
    }

    private Guise of(ProcessSpec spec, List<String> words, Map<String, String> own) throws Refusal {
        return lookups.find(
                new Wanted(spec, words, Map.copyOf(own)), () -> lookUp(spec, words, own));
    }

    private Guise lookUp(ProcessSpec spec, List<String> words, Map<String, String> own)
            throws Refusal {
        Identity identity = spec.identity();
        Rights now = rights.get();
        Persons.Person person = Persons.of(identity, now);
        Bounds.check(identity.limits(), now);
        Bounds.check(identity.capabilities(), now);
        Bounds.checkRoot(identity.chroot(), now);

        Map<String, String> more = new HashMap<>(person.variables());
        more.putAll(new EnvFiles(now.uid()).read(identity.envFiles()));
        more.putAll(own);
        List<String> late = person.uid().isPresent() ? takeObeyed(more) : List.of();
        Optional<Path> inside = folder(spec, words);
        boolean hasFolder = !identity.clearEnv() && variables.containsKey(PWD);
        Persona persona =
                new Persona(
                        identity.umask(),
                        !hasFolder && !more.containsKey(PWD),
                        Bounds.niceness(identity, now),
                        identity.limits(),
                        identity.chroot(),
                        inside,
                        person.uid(),
                        person.gid(),
                        person.groups(),
                        identity.noNewPrivs(),
                        identity.capabilities(),
                        late);
        Tools inner = tools.in(identity.chroot());
        List<String> argv = ExecChain.of(persona, tools, inner, words);
        boolean chained = argv.size() > words.size();
        if (chained && identity.chroot().isEmpty()) {
            argv = withPath(argv, argv.size() - words.size(), spec.cwd());
        }
        return new Guise(
                argv,
                identity.clearEnv() ? bare : whole,
                more,
                inside.isPresent() ? Optional.empty() : spec.cwd().map(BytePath::text),
                person.uid());
    }

    /** The folder to which a tool is to go; empty if the child begins in the right one. */
    private Optional<Path> folder(ProcessSpec spec, List<String> words) {
        if (spec.identity().chroot().isPresent()) {
            return spec.cwd();
        }
        return farFiles.mayHang(words.getFirst(), spec.cwd())
                ? Optional.of(spec.cwd().orElse(FarFiles.HERE))
                : Optional.empty();
    }

    /**
     * Takes out what the tools would obey that have root's rights still: who may write where it
     * leads to would get these rights.
     */
    private static List<String> takeObeyed(Map<String, String> variables) {
        List<String> taken = new ArrayList<>();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(LOADER) || OBEYED.contains(name)) {
                taken.add(name + "=" + variable.getValue());
            }
        }
        variables.keySet().removeIf(name -> name.startsWith(LOADER) || OBEYED.contains(name));
        return taken;
    }

    /**
     * Looks the program up as the kernel would without tools before it: what cannot be executed is
     * told now, and the one that is found in the monitor's own PATH is that which is started. What
     * is far away is not looked up.
     */
    private List<String> withPath(List<String> argv, int at, Optional<Path> cwd) throws Refusal {
        String program = argv.get(at);
        if (farFiles.mayHang(program, cwd)) {
            return argv;
        }
        try {
            return lookUp(argv, at, cwd);
        } catch (InvalidPathException _) {
            // In this process's encoding there is no such name; the child knows but bytes.
            return argv;
        }
    }

    private List<String> lookUp(List<String> argv, int at, Optional<Path> cwd) throws Refusal {
        String program = argv.get(at);
        String tried = "cannot execute '" + program + "': ";
        if (program.indexOf(File.separatorChar) >= 0) {
            Path file =
                    cwd.map(folder -> folder.resolve(BytePath.of(program)))
                            .orElseGet(() -> BytePath.of(program));
            if (!Files.exists(file)) {
                throw new Refusal(tried + "No such file or directory");
            }
            if (!isProgram(file)) {
                throw new Refusal(tried + "Permission denied");
            }
            return argv;
        }
        for (String folder : searchPath(variables).split(":", -1)) {
            Path file = BytePath.of(folder).resolve(program);
            if (isProgram(file)) {
                List<String> found = new ArrayList<>(argv);
                found.set(at, BytePath.text(BytePath.absolute(file)));
                return found;
            }
        }
        throw new Refusal(tried + "not found in PATH");
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
