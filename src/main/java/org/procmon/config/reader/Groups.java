package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/** What is known about the groups that a configuration names. */
@FunctionalInterface
interface Groups {
    /** Queries the account database, which may block. Source: getgrnam(3). */
    Groups NOW = Groups::lookUp;

    /** Does not check accepted groups again: a deleted group stops no monitor. */
    Groups ACCEPTED = _ -> Optional.empty();

    /**
     * Why a group cannot own files; empty if it can.
     *
     * @param group its name, or a gid
     */
    Optional<String> problem(String group);

    private static Optional<String> lookUp(String group) {
        try {
            FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(group);
            return Optional.empty();
        } catch (UserPrincipalNotFoundException _) {
            return Optional.of("there is no group \"" + Problems.shown(group) + "\"");
        } catch (IOException e) {
            return Optional.of(
                    "cannot look up the group: " + Problems.harmless("" + e.getMessage()));
        }
    }
}
