// The texts of the doc comments, by the names of their translations.
import { Comment, ReflectionKind } from "typedoc";

/**
 * `BackgroundCopyJob.cancel`; for its second overload, `BackgroundCopyJob.cancel (2)`. An inherited member has the name of the class that
 * declares it.
 */
function symbolOf(reflection) {
  if (reflection.inheritedFrom) {
    return reflection.inheritedFrom.name;
  }
  if (reflection.kindOf(ReflectionKind.SomeSignature)) {
    const overload = reflection.parent.signatures?.indexOf(reflection) ?? 0;
    return overload > 0 ? `${symbolOf(reflection.parent)} (${overload + 1})` : symbolOf(reflection.parent);
  }
  return reflection.parent.isProject() ? reflection.name : `${symbolOf(reflection.parent)}.${reflection.name}`;
}

function isCode(content) {
  return content.every(({ kind, text }) => kind === "code" || text.trim() === "");
}

/** A text with one line per paragraph: wrapping a comment differently does not make its translations stale. */
export function unwrapped(text) {
  const pieces = text.trim().split(/(```[\s\S]*?```)/);
  return pieces.map((piece, i) => (i % 2 ? piece : piece.replace(/(?<!\n)\n(?!\n|\s*[-*] )\s*/g, " "))).join("");
}

/**
 * The texts of a project, before its links are resolved. `part` is `summary`, `@param name`, `@returns`, or another tag with
 * its number among those of its kind, `@throws 1`. Examples without prose are not translated.
 */
export function* textsOf(project) {
  for (const reflection of Object.values(project.reflections)) {
    const { comment } = reflection;
    if (!comment) {
      continue;
    }
    const isParameter = reflection.kindOf(ReflectionKind.Parameter);
    const symbol = symbolOf(isParameter ? reflection.parent : reflection);
    const parts = [
      {
        part: isParameter ? `@param ${reflection.name}` : "summary",
        content: comment.summary,
        replace: (content) => {
          comment.summary = content;
        },
      },
    ];
    const counts = {};
    for (const block of comment.blockTags) {
      counts[block.tag] = (counts[block.tag] ?? 0) + 1;
      parts.push({
        part: block.tag === "@returns" ? block.tag : `${block.tag} ${counts[block.tag]}`,
        content: block.content,
        replace: (content) => {
          block.content = content;
        },
      });
    }
    for (const { part, content, replace } of parts) {
      if (!isCode(content)) {
        yield { symbol, part, text: unwrapped(Comment.combineDisplayParts(content)), replace };
      }
    }
  }
}
