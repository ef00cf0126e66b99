package dev.spillway.app.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What is wrong with a file, in words: Java's own exceptions say little but its name. */
final class FileTrouble {
  private FileTrouble() {}

  /** The message of any other exception as it is. */
  static String words(Exception e) {
    return e instanceof FileSystemException file && file.getFile() != null
        ? file.getFile() + ": " + reason(file)
        : String.valueOf(e.getMessage());
  }

  private static String reason(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException none -> "no such file or folder";
      case AccessDeniedException denied -> "not permitted (expected: this user may use it)";
      case FileAlreadyExistsException there -> "is there, and no folder (expected: a folder)";
      case NotDirectoryException other -> "no folder (expected: a folder)";
      default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    };
  }
}
