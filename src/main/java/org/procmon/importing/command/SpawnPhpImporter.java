package org.procmon.importing.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.PoolList;

/**
 * Turns a script that starts spawn-fcgi into a pool: {@code spawn-php.sh} of lighttpd, a file with
 * its variables, or a run script.
 *
 * <p>Source: {@code spawn-php.sh} as lighttpd documents it; spawn-fcgi(1).
 */
public final class SpawnPhpImporter {
    private static final String PROGRAM = "FCGIPROGRAM";
    private static final String SOCKET = "FCGISOCKET";
    private static final String PORT = "FCGIPORT";
    private static final String CHILDREN = "PHP_FCGI_CHILDREN";
    private static final String ADDRESSES = "FCGI_WEB_SERVER_ADDRS";
    private static final String ALLOWED = "ALLOWED_ENV";
    private static final String USER = "USERID";

    /** The script passes these, whatever else it lets through. */
    private static final List<String> ALWAYS_PASSED = List.of("PHP_FCGI_MAX_REQUESTS", ADDRESSES);

    private static final Set<String> OWN =
            Set.of(
                    "SPAWNFCGI",
                    PROGRAM,
                    SOCKET,
                    PORT,
                    CHILDREN,
                    ALLOWED,
                    USER,
                    "GROUPID",
                    "SOCKUSERID",
                    "CHROOT",
                    "EX",
                    "E");

    private final SpawnScript script;
    private final SourceLocation start;
    private final ImportContext importContext;
    private final ImportWarnings importWarnings;

    private SpawnPhpImporter(SourceFile file, ImportContext importContext) throws ImportAborted {
        this.importContext = importContext;
        this.importWarnings = importContext.notes();
        this.script = SpawnScript.read(file, importWarnings);
        this.start = file.spot(0);
    }

    public static ConfigDraft read(Path path, ImportContext importContext) throws ImportAborted {
        return new SpawnPhpImporter(SourceFile.read(path), importContext).draft();
    }

    private ConfigDraft draft() throws ImportAborted {
        PoolList pools = new PoolList(importContext);
        Set<String> passed = new HashSet<>();
        for (SpawnCommand command : commands()) {
            pools.add(command.spot(), pool(command, passed));
        }
        for (Setting setting : script.unused()) {
            if (!OWN.contains(setting.key()) && !passed.contains(setting.key())) {
                importWarnings.none(setting, "nothing uses this variable");
            }
        }
        return ConfigDraft.ofPools(List.of(), pools.checked());
    }

    /** The pool of a command; adds the variables that it gets. */
    private ProcessDraft pool(SpawnCommand written, Set<String> passed) throws ImportAborted {
        boolean cleared = script.isCleared() || written.isCleared();
        List<String> kept = new ArrayList<>();
        Map<String, String> variables = variables(cleared, kept);
        variables.putAll(written.variables());
        passed.addAll(variables.keySet());
        SpawnCommand command =
                new SpawnCommand(
                        written.spot(),
                        written.options(),
                        written.application(),
                        variables,
                        cleared && kept.isEmpty());
        ProcessDraft pool = new SpawnPool(command, importContext).draft();
        if (!kept.isEmpty()) {
            pool.put("env_keep", kept);
        }
        return pool;
    }

    /** The variables of the application; adds those that it gets from the monitor. */
    private Map<String, String> variables(boolean cleared, List<String> kept) throws ImportAborted {
        Set<String> names = new LinkedHashSet<>();
        if (cleared) {
            names.addAll(ALWAYS_PASSED);
            StringTokenizer allowed = new StringTokenizer(script.value(ALLOWED));
            while (allowed.hasMoreTokens()) {
                names.add(allowed.nextToken());
            }
        } else {
            names.addAll(script.exported());
        }
        names.add(CHILDREN);
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : names) {
            if (script.has(name)) {
                variables.put(name, script.value(name));
            } else if (cleared && isKept(name)) {
                kept.add(name);
            }
        }
        return variables;
    }

    private boolean isKept(String name) throws ImportAborted {
        if (ALWAYS_PASSED.contains(name) || name.equals(CHILDREN) || name.equals("PATH")) {
            return false;
        }
        if (!EnvDraft.isName(name) || name.startsWith("PROCMON_")) {
            importWarnings.none(
                    script.setting(ALLOWED), "'" + name + "' is no name of a variable to keep");
            return false;
        }
        return true;
    }

    /**
     * The commands that the script runs. Of those in an {@code if} it is one: that for root, if the
     * script names a user, since only root can start a program as another user.
     */
    private List<SpawnCommand> commands() throws ImportAborted {
        List<SpawnCommand> commands = script.commands();
        if (commands.isEmpty()) {
            return List.of(ofVariables());
        }
        if (commands.size() == 1 || !script.isChoosing()) {
            return commands;
        }
        boolean ofRoot = !script.has(USER) || !script.value(USER).isEmpty();
        SpawnCommand chosen = ofRoot ? commands.getFirst() : commands.getLast();
        importWarnings.add(
                chosen.setting("", ""),
                "of " + commands.size() + " commands of spawn-fcgi, this one is imported");
        return List.of(chosen);
    }

    private SpawnCommand ofVariables() throws ImportAborted {
        Map<String, String> options = new LinkedHashMap<>();
        String program = script.value(PROGRAM);
        if (program.isBlank()) {
            throw ImportAborted.at(start, "there is no FCGIPROGRAM, and no command of spawn-fcgi");
        }
        put(options, "-s", SOCKET);
        if (options.isEmpty()) {
            put(options, "-p", PORT);
        } else if (script.has(PORT)) {
            importWarnings.add(script.setting(PORT), "ignored, since FCGISOCKET has a path");
        }
        put(options, "-u", USER);
        put(options, "-g", "GROUPID");
        put(options, "-U", "SOCKUSERID");
        put(options, "-c", "CHROOT");
        options.put("-f", program);
        return new SpawnCommand(script.setting(PROGRAM).spot(), options, List.of(), Map.of(), true);
    }

    private void put(Map<String, String> options, String option, String name) {
        String value = script.value(name);
        if (!value.isEmpty()) {
            options.put(option, value);
        }
    }
}
