import { describe, expect, test } from "vitest";
import { parseMot, readMotFile, scoredRows } from "./mot-file.ts";

describe("parseMot", () => {
  test("a row a box, commas or white space, in the order of the file", () => {
    const rows = parseMot(
      "\ufeff3,7,1.5,2,30,60,1,-1,-1,-1\r\n\n1 4 0 0 10 20 0.5\n3, 2, 9, 9, 8, 8,\n",
      "gt.txt",
    );
    expect(rows).toEqual([
      [{ id: "4", box: { x: 0, y: 0, width: 10, height: 20 }, confidence: 0.5, kind: null }],
      [],
      [
        { id: "7", box: { x: 1.5, y: 2, width: 30, height: 60 }, confidence: 1, kind: -1 },
        { id: "2", box: { x: 9, y: 9, width: 8, height: 8 }, confidence: 1, kind: null },
      ],
    ]);
  });

  test("an empty file is a sequence without anybody", () => {
    expect(parseMot("", "gt.txt")).toEqual([]);
    expect(parseMot("\n \n", "gt.txt")).toEqual([]);
  });

  test.each([
    ["1,1,0,0,10", "5 columns; a row has 6 to 10"],
    ["1,1,0,0,10,20,1,1,1,1,1", "11 columns"],
    ["frame,id,left,top,width,height", 'frame is "frame", not a number'],
    ["1,1,0,,10,20", 'top is "", not a number'],
    ["1,1,0,0,10,nan", 'height is "nan", not a number'],
    ["1,1,0,0,10,Infinity", 'height is "Infinity", not a number'],
    ["1,1,0,0,10,20,1,person", 'column 8 is "person", not a number'],
    ["0,1,0,0,10,20", "frame is 0; frames are whole numbers from 1"],
    ["1.5,1,0,0,10,20", "frame is 1.5"],
    ["99999999,1,0,0,10,20", "frame is 99999999; at most 10000000 frames"],
    ["1,-1,0,0,10,20", "id is -1; ids are whole numbers from 0"],
    ["1,1,0,0,-10,20", "width is -10, less than 0"],
    ["1,1,0,0,10,-20", "height is -20, less than 0"],
    ["2,5,0,0,10,20", "id 5 stands in frame 2 already, line 1"],
  ])("%s", (line, message) => {
    expect(() => parseMot(`2,5,0,0,10,20\n${line}\n`, "out.txt")).toThrowError(
      expect.objectContaining({
        code: "AUDIT_INVALID",
        message: expect.stringContaining(`out.txt:2: ${message}`),
      }),
    );
  });

  test("all faults are told at once, and a file full of them in short", () => {
    const lines = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? "1" : `${index},1,0,0,10,20`));
    const act = () => parseMot(lines.join("\n"), "out.txt");
    expect(act).toThrow("out.txt has 15 faults:\n  out.txt:1: 1 column;");
    const many = () => parseMot("x\n".repeat(1000), "out.txt");
    expect(many).toThrow("out.txt has 1000 faults");
    expect(many).toThrow("and 980 more");
  });
});

test("rows of confidence 0 are not scored", () => {
  const rows = parseMot("1,1,0,0,10,20,1\n1,2,0,0,10,20,0\n1,3,0,0,10,20,0.5\n2,2,0,0,10,20,0\n", "gt.txt");
  expect(scoredRows(rows).map((boxes) => boxes.map(({ id }) => id))).toEqual([["1"], []]);
});

test("a file that is not there", async () => {
  await expect(readMotFile("/nowhere/gt.txt")).rejects.toMatchObject({ code: "AUDIT_UNREADABLE" });
});
