package org.procmon.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a monitor is to run.
 *
 * @param stateDir its state folder; empty for the environment's or the user's default
 * @param verbose whether it tells more of what it does
 * @param backup whether a second process stands by to take over
 */
public record RunOptions(Optional<Path> stateDir, boolean verbose, boolean backup) {}
